from django.urls import path, re_path

from .views import desk, proposals, public, rounds, taking_part

urlpatterns = [
    path("residents/", public.rounds, name="residents"),
    path("residents/<slug:slug>/", public.round_page, name="residents-round"),
    path("residents/<slug:slug>/places.json", public.places, name="residents-places"),
    path("residents/<slug:slug>/propose/", taking_part.propose, name="residents-propose"),
    path("residents/<slug:slug>/vote/", taking_part.vote, name="residents-vote"),
    path("residents/<slug:slug>/thanks/<slug:purpose>/", taking_part.thanks, name="residents-thanks"),
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/add/", rounds.round_add, name="round-add"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/edit/", rounds.round_edit, name="round-edit"),
    re_path(r"^rounds/(?P<pk>\d+)/(?P<action>publish|withdraw)/$", rounds.round_publish, name="round-publish"),
    path("rounds/<int:pk>/retire/", rounds.round_retire, name="round-retire"),
    path("rounds/<int:pk>/code.svg", rounds.round_code, name="round-code"),
    path("rounds/<int:pk>/proposals.csv", rounds.round_csv, name="round-csv"),
    path("rounds/<int:pk>/desk/", desk.desk, name="round-desk"),
    path("rounds/<int:pk>/meetings/add/", proposals.meeting_add, name="round-meeting-add"),
    path("rounds/meetings/<int:pk>/edit/", proposals.meeting_edit, name="round-meeting-edit"),
    path("rounds/meetings/<int:pk>/retire/", proposals.meeting_retire, name="round-meeting-retire"),
    path("rounds/proposals/<int:pk>/", proposals.proposal, name="proposal"),
]
