"""Addresses of responders, trainings, partners and call tests."""

from django.urls import path

from .views import call_tests, partners, responders, trainings

urlpatterns = [
    path("disaster/responders/", responders.responder_list, name="responder-list"),
    path("disaster/responders/add/", responders.responder_edit, name="responder-add"),
    path("disaster/responders/<int:pk>/", responders.responder_edit, name="responder-edit"),
    path("disaster/responders/<int:pk>/retire/", responders.responder_retire, name="responder-retire"),
    path("disaster/phone-tree/", responders.phone_tree, name="phone-tree"),
    path("disaster/depots/<int:pk>/keeper/", responders.depot_keeper, name="depot-keeper"),
    path("disaster/training/", trainings.training_list, name="training-list"),
    path("disaster/training/add/", trainings.training_edit, name="training-add"),
    path("disaster/training/<int:pk>/", trainings.training, name="training"),
    path("disaster/training/<int:pk>/edit/", trainings.training_edit, name="training-edit"),
    path("disaster/training/<int:pk>/retire/", trainings.training_retire, name="training-retire"),
    path("disaster/training/<int:pk>/sheet/", trainings.training_sheet, name="training-sheet"),
    path("disaster/training/<int:pk>/certificates/", trainings.training_certificates, name="training-certificates"),
    path("disaster/training/town/<int:pk>/", trainings.training_town, name="training-town"),
    path("disaster/partners/", partners.partner_list, name="partner-list"),
    path("disaster/partners/<int:pk>/", partners.partner, name="partner"),
    path("disaster/partners/<int:pk>/agreement/", partners.agreement_add, name="agreement-add"),
    path("disaster/agreements/<int:pk>/", partners.agreement_edit, name="agreement-edit"),
    path("disaster/agreements/<int:pk>/end/", partners.agreement_end, name="agreement-end"),
    path("disaster/machines/<int:pk>/operator/", partners.machine_operator, name="machine-operator"),
    path("disaster/call-test/", call_tests.call_test, name="call-test"),
]
