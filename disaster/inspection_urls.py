"""Addresses of checklists, inspections, labels and repairs."""

from django.urls import include, path

from gis_core.views import offline_shell

from .inspect_app import INSPECT
from .views import checklists, inspection_packs, inspections, labels, repairs

urlpatterns = [
    path("inspect/", include(offline_shell.urls(INSPECT))),
    path("inspect/pack/", inspection_packs.pack, name="inspect-pack"),
    # Short, so that the code stays coarse enough for a phone; below the app's address, so that its worker answers.
    path("inspect/l/<str:token>", labels.label_open, name="label-open"),
    path("disaster/checklists/", checklists.checklist_list, name="checklist-list"),
    path("disaster/checklists/<int:pk>/", checklists.checklist, name="checklist"),
    path("disaster/checklists/<int:pk>/edition/", checklists.checklist_edition, name="checklist-edition"),
    path("disaster/inspections/add/", inspections.inspection_add, name="inspection-add"),
    path("disaster/inspections/<int:pk>/change/", inspections.inspection_change, name="inspection-change"),
    path("disaster/labels/", labels.label_sheet, name="label-sheet"),
    path("disaster/labels/<int:pk>/revoke/", labels.label_revoke, name="label-revoke"),
    path("disaster/repairs/", repairs.repair_list, name="repair-list"),
    path("disaster/repairs/add/", repairs.repair_add, name="repair-add"),
    path("disaster/repairs/<int:pk>/", repairs.repair, name="repair"),
    path("disaster/repairs/<int:pk>/done/", repairs.repair_finish, name="repair-finish"),
    path("disaster/repairs/<int:pk>/cancel/", repairs.repair_cancel, name="repair-cancel"),
    path("disaster/repairs/<int:pk>/reopen/", repairs.repair_reopen, name="repair-reopen"),
]
