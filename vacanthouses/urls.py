"""Addresses of the vacant-house survey."""

from django.urls import include, path

from gis_core.views import offline, offline_shell

from .survey_app import SURVEY
from .views import (
    assignments,
    blind,
    campaigns,
    clocks,
    grading,
    packs,
    progress,
    readings,
    reviews,
    rules,
    screening,
    sheets,
    status,
)

urlpatterns = [
    path("survey/", include(offline_shell.urls(SURVEY))),
    path("survey/campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("survey/campaigns/add/", campaigns.campaign_edit, name="campaign-add"),
    path("survey/campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("survey/campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("survey/campaigns/<int:pk>/move/", campaigns.campaign_move, name="campaign-move"),
    path("survey/campaigns/<int:pk>/progress/", progress.campaign_progress, name="campaign-progress"),
    path("survey/campaigns/<int:pk>/screening/", screening.screening, name="screening"),
    path("survey/campaigns/<int:pk>/screening/run/", screening.screening_run, name="screening-run"),
    path("survey/campaigns/<int:pk>/screening/candidates.csv", screening.screening_csv, name="screening-csv"),
    path("survey/campaigns/<int:pk>/screening/propose/", screening.screening_propose, name="screening-propose"),
    path("survey/campaigns/<int:pk>/readings/", readings.readings_upload, name="readings-upload"),
    path("survey/campaigns/<int:pk>/readings/<int:batch>/aside.csv", readings.readings_aside, name="readings-aside"),
    path("survey/campaigns/<int:pk>/readings/<str:upload>/", readings.readings_columns, name="readings-columns"),
    path("survey/campaigns/<int:pk>/clocks/", clocks.campaign_clocks, name="campaign-clocks"),
    path("survey/campaigns/<int:pk>/result.pdf", sheets.campaign_result, name="campaign-result-pdf"),
    path("survey/campaigns/<int:pk>/assignments/", assignments.assignments, name="work-areas"),
    path("survey/campaigns/<int:pk>/crews/add/", assignments.crew_edit, name="crew-add"),
    path("survey/campaigns/<int:pk>/crews/<int:crew_pk>/", assignments.crew_edit, name="crew-edit"),
    path("survey/pack/", packs.pack, name="survey-pack"),
    path("survey/devices/", offline.device_list, name="survey-devices"),
    path("survey/clocks/", clocks.clock_list, name="clocks"),
    path("survey/clocks/<slug:subject>/<int:pk>/", clocks.thing_clocks, name="thing-clocks"),
    path("vacant-houses/status/", status.house_status, name="house-status"),
    path("vacant-houses/status/export.<slug:name>", status.house_status_export, name="house-status-export"),
    path("public/vacant-houses/", status.public_status, name="public-vacant-houses"),
    path("public/vacant-houses/table.csv", status.public_status_csv, name="public-vacant-houses-csv"),
    path("survey/review/", reviews.review_queue, name="review-queue-all"),
    path("survey/campaigns/<int:pk>/review/", reviews.review_queue, name="review-queue"),
    path("survey/campaigns/<int:pk>/blind/", blind.blind, name="blind"),
    path("survey/visits/<int:pk>/review/", reviews.visit_review, name="visit-review"),
    path("survey/houses/<int:pk>/grade/", grading.house_grade, name="house-grade"),
    path("rules/", rules.rule_list, name="rule-list"),
    path("rules/<int:pk>/", rules.rule_table, name="rule-table"),
    path("rules/<int:pk>/edition/", rules.new_edition, name="rule-edition"),
    path("rules/<int:pk>/activate/", rules.activate, name="rule-activate"),
    path("rules/<int:pk>/end/", rules.end, name="rule-end"),
]
