"""Addresses of incidents, orders and redistribution."""

from django.urls import path

from .views import incidents, operations, orders, redistribution

urlpatterns = [
    path("disaster/operations/", operations.operations, name="operations"),
    path("disaster/operations/orders/", orders.order_list, name="order-list"),
    path("disaster/operations/orders/<int:pk>/", orders.order_page, name="order"),
    path("disaster/operations/orders/<int:pk>/<slug:step>/", orders.order_step, name="order-step"),
    path("disaster/operations/request/", operations.request_help, name="order-request"),
    path("disaster/operations/incidents/<int:pk>/close/", incidents.incident_close, name="incident-close"),
    path("disaster/operations/incidents/<int:pk>/reopen/", incidents.incident_reopen, name="incident-reopen"),
    path("disaster/operations/redistribution/", redistribution.redistribution, name="redistribution"),
    path("disaster/operations/redistribution/<uuid:plan>/", redistribution.plan_page, name="redistribution-plan"),
    path(
        "disaster/operations/redistribution/<uuid:plan>/approve/", redistribution.approve, name="redistribution-approve"
    ),
    path(
        "disaster/operations/redistribution/<uuid:plan>/withdraw/",
        redistribution.withdraw,
        name="redistribution-withdraw",
    ),
    path("disaster/operations/redistribution/<uuid:plan>/again/", redistribution.again, name="redistribution-again"),
]
