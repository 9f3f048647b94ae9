{#-
  Exact arithmetic where the dialects differ: 7/2 is 3.5 in DuckDB and 3 in Trino, and a decimal divided by a
  decimal is a double in DuckDB. Shares and ratios are therefore computed on integers.
-#}

{#- A decimal in its smallest units, as a wide integer: units(12.34, 2) = 1234. -#}
{% macro units(value, scale) -%}
    {{ return(adapter.dispatch('units', 'finks')(value, scale)) }}
{%- endmacro %}

{% macro default__units(value, scale) -%}
    cast(cast({{ value }} as decimal(18, {{ scale }})) * {{ 10 ** scale }} as {{ wide_integer() }})
{%- endmacro %}

{% macro wide_integer() -%}
    {{ return(adapter.dispatch('wide_integer', 'finks')()) }}
{%- endmacro %}

{% macro duckdb__wide_integer() -%} hugeint {%- endmacro %}

{% macro trino__wide_integer() -%} decimal(38, 0) {%- endmacro %}

{#- Cents as money. -#}
{% macro money_of_cents(cents) -%}
    cast(cast({{ cents }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}

{#- The quotient of two wide integers, rounded half away from zero. -#}
{% macro rounded_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('rounded_quotient', 'finks')(dividend, divisor)) }}
{%- endmacro %}

{% macro duckdb__rounded_quotient(dividend, divisor) -%}
    (sign({{ dividend }}) * sign({{ divisor }})
    * ((2 * abs({{ dividend }}) + abs({{ divisor }})) // (2 * abs({{ divisor }}))))
{%- endmacro %}

{% macro trino__rounded_quotient(dividend, divisor) -%}
    cast(round(({{ dividend }}) / ({{ divisor }}), 0) as decimal(38, 0))
{%- endmacro %}

{#- The ratio of two amounts of money to eight places; the caller keeps the divisor from being zero. -#}
{% macro money_ratio(dividend, divisor) -%}
    cast(
        cast(
            {{ rounded_quotient('(' ~ units(dividend, 2) ~ ' * 100000000)', units(divisor, 2)) }} as decimal(28, 0)
        ) * cast(0.00000001 as decimal(9, 8)) as decimal(28, 8)
    )
{%- endmacro %}
