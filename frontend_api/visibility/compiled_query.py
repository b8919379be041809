"""Queries that Django writes once, and that are then run with other values.

For the queries of a read Django takes longer to write the SQL than the database to answer it. A queryset in which a
`Hole` stands for each value that differs from run to run is written once, with the converters of its columns::

    insights = Prepared(InsightPage.objects.filter(pk__in=Hole("ids", key)).values_list("pk", "published_on"))
    [insights.converted(row, (0, 1)) for row in insights.rows(ids=[3, 4])]
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model, QuerySet

from frontend_api.dependencies.bounded import size_of

# What it takes to hold how a column becomes a value of Python, with what Django knows of the column.
CONVERTER = 2_000


class Parameter(Expression):
    """Stands in a queryset for one value of a field, or with `many`, on the right of `__in`, for several."""

    def __init__(self, name: str, field: Any, *, many: bool = True) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.many = many

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return one parameter, the hole itself, which is never sent: values take its place."""
        return ("(%s)" if self.many else "%s"), (self,)

    def values(self, given: Any) -> list[Any]:
        """Return what the database takes for `given`; SQL has no empty list, and nothing is equal to NULL."""
        field = getattr(self.output_field, "target_field", self.output_field)
        values = (given or [None]) if self.many else [given]
        return [field.get_db_prep_value(value, connection) for value in values]


class CompiledQuery:
    """A queryset of values, written as SQL."""

    def __init__(self, values: QuerySet[Any]) -> None:
        # These are the steps by which Django runs any query.
        compiler = values.query.get_compiler(DEFAULT_DB_ALIAS)
        self.to_convert: dict[tuple[int, ...] | range, list[Any]] = {}
        self.parameters: tuple[Any, ...] = ()
        self.pieces: list[str] = []
        self.converters: dict[int, list[Any]] = {}
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            # Django sees that nothing can be found without asking the database.
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
        """Return how many bytes it takes, with what it holds: it is remembered, and there is only so much room."""
        held = size_of(self.pieces) + size_of(self.parameters)
        return object.__sizeof__(self) + held + CONVERTER * len(self.converters)

    def rows(self, **filled: Any) -> list[Sequence[Any]]:
        """Return the rows that there are with these values in the holes, as the database gives them."""
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
        """Return the values at these places of a row as their fields have them in Python."""
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
    """A queryset of objects, each with those that its keys `joined` name."""

    def __init__(self, objects: QuerySet[Any], *joined: str) -> None:
        self.model: Any = objects.model
        self.joined: dict[str, Any] = {name: self._related(name) for name in joined}
        columns = [field.attname for field in self.model._meta.concrete_fields]
        for name, other in self.joined.items():
            columns += [f"{name}__{attribute}" for attribute in attributes(other)]
        self.query = CompiledQuery(objects.values_list(*columns))

    def __sizeof__(self) -> int:
        """Return how many bytes it takes, with its query."""
        return object.__sizeof__(self) + size_of(self.query)

    def _related(self, name: str) -> Any:
        field: Any = self.model._meta.get_field(name)
        return field.related_model

    def fetch(self, **filled: Any) -> list[Any]:
        """Return the objects that there are with these values in the holes."""
        return [self._object(row) for row in self.query.rows(**filled)]

    def _object(self, row: Sequence[Any]) -> Any:
        made, place = made_of(self.model, self.query, row, 0)
        for name, model in self.joined.items():
            joined, place = made_of(model, self.query, row, place)
            setattr(made, name, joined)
        return made


@cache
def is_filtered(model: Any) -> bool:
    """Tell whether the default manager of `model` leaves objects out.

    By what it does so may differ from read to read, so that queries of such a model are not to be kept.
    """
    return bool(model._default_manager.all().query.where)


@cache
def attributes(model: Any) -> Sequence[str]:
    """Return the names of the attributes that hold the columns of a model."""
    return [field.attname for field in model._meta.concrete_fields]


def made_of(
    model: type[Model], query: CompiledQuery, row: Sequence[Any], place: int
) -> tuple[Any, int]:
    """Return the object of `model` whose values begin at `place` in a row, and where they end."""
    names = attributes(model)
    end = place + len(names)
    return model.from_db(DEFAULT_DB_ALIAS, names, query.converted(row, range(place, end))), end
