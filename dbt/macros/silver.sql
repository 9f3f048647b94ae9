{#-
  The newest versions of an entity at the build's pinned snapshot. On DuckDB the plugin has made views of the pinned
  snapshots; an engine that reads Iceberg itself overrides this with its own time travel.
-#}
{% macro silver(entity) -%}
    {{ return(adapter.dispatch('silver', 'finks')(entity)) }}
{%- endmacro %}

{% macro duckdb__silver(entity) -%}
    {{ return(source('silver', entity)) }}
{%- endmacro %}
