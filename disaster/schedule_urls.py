"""Addresses of schedules, what is due, the calendar, its feeds and local holidays."""

from django.urls import path

from .views import calendar_feeds, holidays, inspection_calendar, inspection_due, schedules

urlpatterns = [
    path("disaster/inspections/", inspection_due.inspection_due, name="inspection-due"),
    path("disaster/inspections/calendar/", inspection_calendar.inspection_calendar, name="inspection-calendar"),
    path("disaster/inspections/feeds/", calendar_feeds.calendar_feed, name="calendar-feed"),
    path("disaster/inspections/feeds/<int:pk>/revoke/", calendar_feeds.feed_revoke, name="calendar-feed-revoke"),
    path("disaster/holidays/", holidays.holiday_list, name="holiday-list"),
    path("disaster/holidays/<int:pk>/remove/", holidays.holiday_remove, name="holiday-remove"),
    path("disaster/schedules/", schedules.schedule_list, name="schedule-list"),
    path("disaster/schedules/add/", schedules.schedule_add, name="schedule-add"),
    path("disaster/schedules/add/many/", schedules.schedule_many, name="schedule-many"),
    path("disaster/schedules/preview/", schedules.schedule_preview, name="schedule-preview"),
    path("disaster/schedules/<int:pk>/", schedules.schedule, name="schedule"),
    path("disaster/schedules/<int:pk>/edit/", schedules.schedule_edit, name="schedule-edit"),
    path("disaster/schedules/<int:pk>/pause/", schedules.schedule_pause, name="schedule-pause"),
    path("disaster/schedules/<int:pk>/retire/", schedules.schedule_retire, name="schedule-retire"),
    path("calendar/<str:token>.ics", calendar_feeds.feed, name="calendar-ics"),
]
