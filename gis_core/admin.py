"""Administration: accounts with their roles, base maps, and logs to read. Records are edited in the system itself."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea, BaseMap, Job, Organisation, PersonalDataAccess, RoleGrant, User

admin.site.site_header = _("Dongne administration")
admin.site.site_title = _("Dongne administration")
admin.site.index_title = _("Accounts, base maps and logs")
# Rights come from roles held in areas; Django's groups would only mislead.
admin.site.unregister(Group)


class RoleGrantInline(admin.TabularInline):
    model = RoleGrant
    extra = 1
    autocomplete_fields = ["area"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "name", "organisation", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "role_grants__role"]
    search_fields = ["username", "name", "email"]
    autocomplete_fields = ["organisation"]
    inlines = [RoleGrantInline]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email", "organisation", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "name", "organisation", "usable_password", "password1", "password2"),
            },
        ),
    )
    filter_horizontal = ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        # Django hides the inlines of a user on the first page, where only name and password are asked for.
        return [RoleGrantInline]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [inline(self.model, self.admin_site) for inline in self.get_inlines(request, obj)]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("role_grants__area")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(str(grant) for grant in user.role_grants.all())


class ReadOnlyAdmin(admin.ModelAdmin):
    """What the system itself writes is read here and changed nowhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AdminArea)
class AdminAreaAdmin(ReadOnlyAdmin):
    list_display = ["full_name", "level", "mois_code", "kostat_code", "boundary", "valid_from", "valid_to"]
    list_filter = ["level", "boundary"]
    search_fields = ["full_name", "mois_code"]
    exclude = ["geometry"]


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    """Only so that an account can be given its organisation; organisations are edited as records."""

    list_display = ["name", "kind", "area"]
    list_filter = ["kind"]
    list_select_related = ["area"]
    search_fields = ["name"]
    fields = ["name", "kind", "area", "address"]


@admin.register(BaseMap)
class BaseMapAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "order", "enabled", "is_default"]
    list_filter = ["kind", "enabled"]


@admin.register(PersonalDataAccess)
class PersonalDataAccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "layer", "action", "record_id", "count"]
    list_filter = ["layer", "action", "at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["title", "status", "created_by", "created_at", "finished_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["created_by"]
