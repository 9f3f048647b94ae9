{#-
  Average cost of positions, entry by entry: one row per entry with the quantity and cost after it and the gain of
  what it closed.

  An entry that adds to a position adds its cost. One that reduces it takes out the share of the cost that its
  quantity is of the position, rounded to the cent; closing the position takes out all that is left, so no cent stays
  behind. An entry that crosses zero closes with one part and opens with the rest. The gain is what the closing part
  brought (its cost with the sign turned) less the cost that it took out.

  Each entry needs the cost that the one before left, so this is a fold over the ordered entries of a position; a
  recursive query would run into Trino's depth limit. Amounts are integers: quantities in millionths, costs in cents.

  relation: position (one or more columns, as a list), sequence bigint, quantity_units and cost_cents wide integers.
-#}
{% macro average_cost(relation, position) -%}
    {{ return(adapter.dispatch('average_cost', 'finks')(relation, position)) }}
{%- endmacro %}

{% macro duckdb__average_cost(relation, position) -%}
    {%- set row_type = 'struct(sequence bigint, quantity_units hugeint, cost_cents hugeint, gain_cents hugeint)' -%}
    {%- set step = average_cost_step('state', 'entry') -%}
    select
        {{ position | join(', ') }},
        step.sequence,
        step.quantity_units,
        step.cost_cents,
        step.gain_cents
    from (
        select
            {{ position | join(', ') }},
            unnest(
                list_reduce(
                    entries,
                    lambda state, entry: struct_pack(
                        sequence := entry.sequence,
                        quantity_units := state.quantity_units + entry.quantity_units,
                        cost_cents := {{ step.cost }},
                        steps := list_append(
                            state.steps,
                            struct_pack(
                                sequence := entry.sequence,
                                quantity_units := state.quantity_units + entry.quantity_units,
                                cost_cents := {{ step.cost }},
                                gain_cents := {{ step.gain }}
                            )
                        )
                    ),
                    struct_pack(
                        sequence := cast(0 as bigint),
                        quantity_units := cast(0 as hugeint),
                        cost_cents := cast(0 as hugeint),
                        steps := cast([] as {{ row_type }} [])
                    )
                ).steps
            ) as step
        from (
            select
                {{ position | join(', ') }},
                list(
                    struct_pack(
                        sequence := sequence,
                        quantity_units := quantity_units,
                        cost_cents := cost_cents,
                        steps := cast([] as {{ row_type }} [])
                    )
                    order by sequence
                ) as entries
            from {{ relation }}
            group by {{ position | join(', ') }}
        )
    )
{%- endmacro %}

{% macro trino__average_cost(relation, position) -%}
    {%- set row_type =
        'row(sequence bigint, quantity_units decimal(38, 0), cost_cents decimal(38, 0), gain_cents decimal(38, 0))' -%}
    {%- set state_type =
        'row(quantity_units decimal(38, 0), cost_cents decimal(38, 0), steps array(' ~ row_type ~ '))' -%}
    {%- set step = average_cost_step('state', 'entry') -%}
    select
        {{ position | join(', ') }},
        step.sequence,
        step.quantity_units,
        step.cost_cents,
        step.gain_cents
    from (
        select
            {{ position | join(', ') }},
            reduce(
                array_agg(
                    cast(
                        row(sequence, quantity_units, cost_cents)
                        as row(sequence bigint, quantity_units decimal(38, 0), cost_cents decimal(38, 0))
                    )
                    order by sequence
                ),
                cast(row(0, 0, array[]) as {{ state_type }}),
                (state, entry) -> cast(
                    row(
                        state.quantity_units + entry.quantity_units,
                        {{ step.cost }},
                        state.steps || cast(
                            row(
                                entry.sequence,
                                state.quantity_units + entry.quantity_units,
                                {{ step.cost }},
                                {{ step.gain }}
                            ) as {{ row_type }}
                        )
                    ) as {{ state_type }}
                ),
                state -> state.steps
            ) as steps
        from {{ relation }}
        group by {{ position | join(', ') }}
    )
    cross join unnest(steps) as step (sequence, quantity_units, cost_cents, gain_cents)
{%- endmacro %}

{#- The cost after an entry and the gain of what it closed, as SQL over a state and an entry. -#}
{% macro average_cost_step(state, entry) -%}
    {%- set held = state ~ '.quantity_units' -%}
    {%- set moved = entry ~ '.quantity_units' -%}
    {%- set opens = held ~ ' = 0 or sign(' ~ held ~ ') = sign(' ~ moved ~ ')' -%}
    {%- set part_of_position = rounded_quotient(state ~ '.cost_cents * abs(' ~ moved ~ ')', 'abs(' ~ held ~ ')') -%}
    {%- set part_of_entry = rounded_quotient(entry ~ '.cost_cents * abs(' ~ held ~ ')', 'abs(' ~ moved ~ ')') -%}
    {%- set cost -%}
        case
            when {{ opens }} then {{ state }}.cost_cents + {{ entry }}.cost_cents
            when abs({{ moved }}) = abs({{ held }}) then 0
            when abs({{ moved }}) < abs({{ held }}) then {{ state }}.cost_cents - {{ part_of_position }}
            else {{ entry }}.cost_cents - {{ part_of_entry }}
        end
    {%- endset -%}
    {%- set gain -%}
        case
            when {{ opens }} then 0
            when abs({{ moved }}) = abs({{ held }}) then -{{ entry }}.cost_cents - {{ state }}.cost_cents
            when abs({{ moved }}) < abs({{ held }}) then -{{ entry }}.cost_cents - {{ part_of_position }}
            else -{{ part_of_entry }} - {{ state }}.cost_cents
        end
    {%- endset -%}
    {{ return({'cost': cost, 'gain': gain}) }}
{%- endmacro %}
