"""Compiles querysets to SQL once, to run them again with other values.

For the queries of a read, Django takes longer to write the SQL than the database takes to answer it. A queryset with
a `Parameter` for each value that differs between runs is compiled once, together with the converters of its columns::

    ids = Parameter("ids", InsightPage._meta.pk)
    insights = CompiledQuery(InsightPage.objects.filter(pk__in=ids).values_list("pk", "published_on"))
    [insights.converted(row, (0, 1)) for row in insights.rows(ids=[3, 4])]
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model, QuerySet

from frontend_api.dependencies.bounded import size_of

# Bytes that the converters of one column take, together with Django's description of the column.
CONVERTER = 2_000


class Parameter(Expression):
    """A placeholder in a queryset for a value of `field` or, with `many`, for the list of values after `__in`."""

    def __init__(self, name: str, field: Any, *, many: bool = True) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.many = many

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return SQL with this object as its parameter, which `CompiledQuery.rows` replaces with values."""
        return ("(%s)" if self.many else "%s"), (self,)

    def values(self, given: Any) -> list[Any]:
        """Return `given` as database values; `[NULL]`, which matches nothing, for an empty list, which SQL lacks."""
        field = getattr(self.output_field, "target_field", self.output_field)
        values = (given or [None]) if self.many else [given]
        return [field.get_db_prep_value(value, connection) for value in values]


class CompiledQuery:
    """A `values_list()` queryset, compiled to SQL."""

    def __init__(self, values: QuerySet[Any]) -> None:
        # Django takes the same steps to run any query.
        compiler = values.query.get_compiler(DEFAULT_DB_ALIAS)
        self.to_convert: dict[tuple[int, ...] | range, list[Any]] = {}
        self.parameters: tuple[Any, ...] = ()
        self.pieces: list[str] = []
        self.converters: dict[int, list[Any]] = {}
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            # Django can tell that the query finds nothing without running it.
            self.is_empty = True
            return
        self.is_empty = False
        self.parameters, self.pieces = tuple(parameters), sql.split("%s")
        self.converters = {
            place: [(convert, column) for convert in converters]
            for place, (converters, column) in compiler.get_converters(
                [column for column, *_ in compiler.select]
            ).items()
        }

    def __sizeof__(self) -> int:
        """Return the size in bytes, including contents, for the caches that are limited in bytes."""
        held = size_of(self.pieces) + size_of(self.parameters)
        return object.__sizeof__(self) + held + CONVERTER * len(self.converters)

    def rows(self, **filled: Any) -> list[Sequence[Any]]:
        """Return the rows for these values of the parameters, unconverted."""
        if self.is_empty:
            return []
        sql, parameters = [self.pieces[0]], []
        for parameter, piece in zip(self.parameters, self.pieces[1:], strict=True):
            values = [parameter]
            if isinstance(parameter, Parameter):
                values = parameter.values(filled[parameter.name])
            sql += [", ".join(["%s"] * len(values)), piece]
            parameters += values
        with connection.cursor() as cursor:
            cursor.execute("".join(sql), parameters)
            rows: list[Sequence[Any]] = cursor.fetchall()
            return rows

    def converted(self, row: Sequence[Any], places: tuple[int, ...] | range) -> list[Any]:
        """Return the values at these places of a row, converted to Python."""
        values = [row[place] for place in places]
        if places not in self.to_convert:
            self.to_convert[places] = [
                (number, self.converters[place])
                for number, place in enumerate(places)
                if place in self.converters
            ]
        for number, converters in self.to_convert[places]:
            for convert, column in converters:
                values[number] = convert(values[number], column, connection)
        return values


class CompiledObjectQuery:
    """A queryset of objects, compiled to SQL; it also fetches the objects that the foreign keys `joined` refer to."""

    def __init__(self, objects: QuerySet[Any], *joined: str) -> None:
        self.model: Any = objects.model
        self.joined: dict[str, Any] = {name: self._related(name) for name in joined}
        columns = [field.attname for field in self.model._meta.concrete_fields]
        for name, other in self.joined.items():
            columns += [f"{name}__{attribute}" for attribute in attributes(other)]
        self.query = CompiledQuery(objects.values_list(*columns))

    def __sizeof__(self) -> int:
        """Return the size in bytes, including the query."""
        return object.__sizeof__(self) + size_of(self.query)

    def _related(self, name: str) -> Any:
        field: Any = self.model._meta.get_field(name)
        return field.related_model

    def fetch(self, **filled: Any) -> list[Any]:
        """Return the objects for these values of the parameters."""
        return [self._object(row) for row in self.query.rows(**filled)]

    def _object(self, row: Sequence[Any]) -> Any:
        made, place = made_of(self.model, self.query, row, 0)
        for name, model in self.joined.items():
            joined, place = made_of(model, self.query, row, place)
            setattr(made, name, joined)
        return made


@cache
def is_filtered(model: Any) -> bool:
    """Return whether the default manager of `model` leaves objects out.

    Its condition may differ between reads, so compiled queries for such a model must not be kept.
    """
    return bool(model._default_manager.all().query.where)


@cache
def attributes(model: Any) -> Sequence[str]:
    """Return the names of the attributes that hold the columns of `model`."""
    return [field.attname for field in model._meta.concrete_fields]


def made_of(
    model: type[Model], query: CompiledQuery, row: Sequence[Any], place: int
) -> tuple[Any, int]:
    """Return the object of `model` whose values begin at `place` in a row, and the place after its last value."""
    names = attributes(model)
    end = place + len(names)
    return model.from_db(DEFAULT_DB_ALIAS, names, query.converted(row, range(place, end))), end
