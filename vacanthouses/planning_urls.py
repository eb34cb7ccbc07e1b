"""Addresses of what becomes of vacant houses: owners, reuse, risk, improvement plans."""

from django.urls import path

from .views import measures, owners, plan_sheets, plans, reuse, risk, zones

urlpatterns = [
    path("vacant-houses/<int:pk>/owners/", owners.owner_list, name="owners"),
    path("vacant-houses/<int:pk>/owners/add/", owners.owner_edit, name="owner-add"),
    path("vacant-houses/<int:pk>/owners/<int:owner_pk>/", owners.owner_edit, name="owner-edit"),
    path("vacant-houses/<int:pk>/owners/<int:owner_pk>/retire/", owners.owner_retire, name="owner-retire"),
    path("vacant-houses/reuse/", reuse.reuse_list, name="reuse-list"),
    path("vacant-houses/<int:pk>/reuse/", reuse.house_reuse, name="house-reuse"),
    path("vacant-houses/<int:house_pk>/measure/", measures.measure_plan, name="measure-plan"),
    path("vacant-houses/risk/", risk.risk_list, name="risk-list"),
    path("vacant-houses/risk/table.csv", risk.risk_csv, name="risk-csv"),
    path("vacant-houses/zones/", zones.zone_list, name="zone-list"),
    path("vacant-houses/zones/look/", zones.zone_look, name="zone-look"),
    path("vacant-houses/zones/<int:pk>/", zones.zone, name="zone"),
    path("vacant-houses/zones/<int:pk>/proof.pdf", zones.zone_pdf, name="zone-pdf"),
    path("vacant-houses/zones/<int:pk>/<slug:state>/", zones.zone_decide, name="zone-decide"),
    path("survey/plans/", plans.plan_list, name="improvement-plans"),
    path("survey/plans/add/", plans.plan_edit, name="improvement-plan-add"),
    path("survey/plans/<int:pk>/", plans.plan, name="improvement-plan"),
    path("survey/plans/<int:pk>/edit/", plans.plan_edit, name="improvement-plan-edit"),
    path("survey/plans/<int:pk>/retire/", plans.plan_retire, name="improvement-plan-retire"),
    path("survey/plans/<int:pk>/steps/<slug:step>/", plans.plan_step, name="improvement-plan-step"),
    path("survey/plans/<int:pk>/plan.pdf", plan_sheets.plan_pdf, name="improvement-plan-pdf"),
    path("survey/plans/<int:pk>/measures/add/", measures.measure_house, name="measure-house"),
    path("survey/plans/<int:pk>/measures/add/<int:house_pk>/", measures.measure_add, name="measure-add"),
    path("survey/plans/<int:pk>/measures/<int:measure_pk>/", measures.measure, name="measure"),
    path("survey/plans/<int:pk>/measures/<int:measure_pk>/finish/", measures.measure_finish, name="measure-finish"),
    path("survey/plans/<int:pk>/measures/<int:measure_pk>/drop/", measures.measure_drop, name="measure-drop"),
    path("survey/plans/<int:pk>/measures/<int:measure_pk>/reopen/", measures.measure_reopen, name="measure-reopen"),
    path("survey/plans/<int:pk>/measures/<int:measure_pk>/costs/", measures.cost_add, name="cost-add"),
    path("survey/plans/<int:pk>/measures/<int:measure_pk>/costs/<int:cost_pk>/", measures.cost_edit, name="cost-edit"),
    path(
        "survey/plans/<int:pk>/measures/<int:measure_pk>/costs/<int:cost_pk>/remove/",
        measures.cost_remove,
        name="cost-remove",
    ),
]
