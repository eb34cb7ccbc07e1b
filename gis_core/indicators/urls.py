from django.urls import path

from .views import definitions, evaluation, reading, tables, town_work, values

urlpatterns = [
    path("indicators/", reading.indicator_list, name="indicator-list"),
    path("indicators/add/", definitions.indicator_edit, name="indicator-add"),
    path("indicators/<slug:key>/", reading.indicator_page, name="indicator"),
    path("indicators/<slug:key>/edit/", definitions.indicator_edit, name="indicator-edit"),
    path("indicators/<slug:key>/retire/", definitions.indicator_retire, name="indicator-retire"),
    path("indicators/<slug:key>/values/", values.indicator_values, name="indicator-values"),
    path("indicators/<slug:key>/import/", tables.indicator_import, name="indicator-import"),
    path("indicators/<slug:key>/import/<str:upload>/", tables.indicator_import_table, name="indicator-import-table"),
    path("indicators/<slug:key>/export.csv", tables.indicator_export, {"name": "csv"}, name="indicator-csv"),
    path("indicators/<slug:key>/export.xlsx", tables.indicator_export, {"name": "xlsx"}, name="indicator-xlsx"),
    path("evaluation/", evaluation.evaluation_list, name="evaluation-list"),
    path("evaluation/add/", evaluation.evaluation_add, name="evaluation-add"),
    path("evaluation/<int:pk>/", evaluation.evaluation, name="evaluation"),
    path("evaluation/<int:pk>/towns/<str:code>/", evaluation.evaluation_town, name="evaluation-town"),
    path("evaluation/<int:pk>/result.pdf", evaluation.evaluation_pdf, name="evaluation-pdf"),
    path("evaluation/<int:pk>/edition/", evaluation.evaluation_add, name="evaluation-edition"),
    path("evaluation/<int:pk>/edit/", evaluation.evaluation_edit, name="evaluation-edit"),
    path("evaluation/<int:pk>/close/", evaluation.evaluation_close, name="evaluation-close"),
    path("evaluation/<int:pk>/retire/", evaluation.evaluation_retire, name="evaluation-retire"),
    path("town-work/policies/", town_work.policy_counter, name="policy-counter"),
    path("town-work/outreach/", town_work.outreach_sums, name="outreach-sums"),
]
