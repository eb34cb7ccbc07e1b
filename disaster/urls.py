from django.urls import path

from .views.stock import edit_stock

urlpatterns = [
    path("records/depots/<int:pk>/stock/", edit_stock, name="depot-stock"),
]
