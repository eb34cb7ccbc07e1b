"""Addresses of stock, its ledger, loans, catalogue and standards."""

from django.urls import path

from .views import catalogue, ledger, loans, standards, stock

urlpatterns = [
    path("disaster/stock/", stock.stock_overview, name="stock"),
    path("disaster/stock/depots/<int:pk>/<slug:kind>/", stock.depot_move, name="depot-move"),
    path("disaster/stock/shelf/<int:pk>/", stock.balance_shelf, name="balance-shelf"),
    path("disaster/stock/ledger/", ledger.ledger_page, name="ledger"),
    path("disaster/stock/ledger.csv", ledger.ledger_csv, name="ledger-csv"),
    path("disaster/stock/ledger.pdf", ledger.ledger_sheet, name="ledger-sheet"),
    path("disaster/stock/movements/<int:pk>/", ledger.movement_page, name="movement"),
    path("disaster/stock/loans/", loans.loan_list, name="loans"),
    path("disaster/stock/loans/<int:pk>/", loans.loan_page, name="loan"),
    path("disaster/stock/catalogue/", catalogue.catalogue, name="catalogue"),
    path("disaster/stock/catalogue/items/add/", catalogue.item_add, name="item-add"),
    path("disaster/stock/catalogue/items/<int:pk>/", catalogue.item_edit, name="item-edit"),
    path("disaster/stock/catalogue/items/<int:pk>/retire/", catalogue.item_retire, name="item-retire"),
    path("disaster/stock/catalogue/classes/add/", catalogue.class_add, name="class-add"),
    path("disaster/stock/catalogue/classes/<int:pk>/", catalogue.class_edit, name="class-edit"),
    path("disaster/stock/standards/", standards.standards, name="stock-standards"),
    path("disaster/stock/standards/add/", standards.standard_add, name="standard-add"),
    path("disaster/stock/standards/<int:pk>/withdraw/", standards.standard_withdraw, name="standard-withdraw"),
]
