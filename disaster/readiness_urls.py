"""Addresses of readiness and of the towns' sheets."""

from django.urls import path

from .views import readiness, town_sheets

urlpatterns = [
    path("disaster/readiness/", readiness.readiness, name="readiness"),
    path("disaster/readiness/table.csv", readiness.readiness_csv, name="readiness-csv"),
    path("disaster/readiness/<int:code>/", readiness.readiness_town, name="readiness-town"),
    path("disaster/readiness/<int:code>/sheet.pdf", town_sheets.town_sheet, name="town-sheet"),
    path("disaster/readiness/<int:code>/month.pdf", town_sheets.month_sheet, name="month-sheet"),
]
