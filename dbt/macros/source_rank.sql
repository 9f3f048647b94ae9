{#- The rank of a row's source among the sources of its entity; the lowest wins. -#}
{% macro source_rank(entity, column='_source') -%}
    case {{ column }}
        {%- for source in var('source_precedence')[entity] %} when '{{ source }}' then {{ loop.index }}{% endfor %}
        else 1000
    end
{%- endmacro %}
