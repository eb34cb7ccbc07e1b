"""Addresses of counts, of comparisons with the national system, and of wide stock tables."""

from django.urls import path

from .views import comparisons, count_shelf, counts, stock_import

urlpatterns = [
    path("disaster/stock/counts/", counts.count_list, name="count-list"),
    path("disaster/stock/counts/due/", counts.count_due, name="count-due"),
    path("disaster/stock/counts/add/<int:depot>/", counts.count_add, name="count-add"),
    path("disaster/stock/counts/<int:pk>/", counts.count_page, name="count"),
    path("disaster/stock/counts/<int:pk>/line/", count_shelf.count_line, name="count-line"),
    path("disaster/stock/counts/<int:pk>/scan/", count_shelf.count_scan, name="count-scan"),
    path("disaster/stock/counts/<int:pk>/found/", count_shelf.count_found, name="count-found"),
    path("disaster/stock/counts/<int:pk>/ledger/", count_shelf.count_blind, name="count-blind"),
    path("disaster/stock/counts/<int:pk>/do/<slug:step>/", counts.count_step, name="count-step"),
    path("disaster/stock/comparisons/", comparisons.comparison_list, name="comparison-list"),
    path("disaster/stock/comparisons/add/", comparisons.comparison_upload, name="comparison-add"),
    path("disaster/stock/comparisons/add/<slug:upload>/", comparisons.comparison_columns, name="comparison-columns"),
    path("disaster/stock/comparisons/<int:pk>/", comparisons.comparison_page, name="comparison"),
    path("disaster/stock/comparisons/<int:pk>.<slug:kind>", comparisons.comparison_file, name="comparison-file"),
    path("disaster/stock/import/", stock_import.stock_import, name="stock-import"),
    path("disaster/stock/import/<slug:upload>/", stock_import.stock_import_table, name="stock-import-table"),
]
