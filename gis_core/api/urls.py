from django.urls import include, path

from . import items, views

urlpatterns = [
    path("", views.Landing.as_view()),
    path("conformance", views.Conformance.as_view()),
    path("openapi", views.OpenApi.as_view(), name="openapi"),
    path("collections", views.Collections.as_view(), name="collections"),
    path("collections/<layer:layer>", views.Collection.as_view(), name="collection"),
    path("collections/<layer:layer>/schema", views.Schema.as_view()),
    path("collections/<layer:layer>/queryables", views.Queryables.as_view()),
    path("collections/<layer:layer>/items", items.Items.as_view(), name="items"),
    path("collections/<layer:layer>/items/<int:pk>", items.Item.as_view(), name="item"),
    path("collections/<layer:layer>/tiles", views.TileSets.as_view()),
    path("collections/<layer:layer>/tiles/WebMercatorQuad", views.TileSet.as_view()),
    path(
        "collections/<layer:layer>/tiles/WebMercatorQuad/<int:z>/<int:row>/<int:col>",
        views.Tile.as_view(),
        name="tile",
    ),
    path("survey/", include("gis_core.offline.urls")),
    path("<path:rest>", views.NotHere.as_view()),
]
