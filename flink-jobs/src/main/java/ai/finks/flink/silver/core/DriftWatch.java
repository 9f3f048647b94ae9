package ai.finks.flink.silver.core;

import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.value.Flaw;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a source's bound fields vanish or change their type.
 *
 * <p>A missing required field and a value that the field cannot take are drift at once. Else a
 * habit must be there to be broken: a field that ten records in a row had, or that was of one kind
 * (text, number, boolean, …) in ten of them. One that comes and goes, or changes its kind to and
 * fro, has no habit and is no longer watched for it. Habits begin anew with each start; they decide
 * about counts only, never about a record. One comparison per field and record. Not thread-safe.
 */
final class DriftWatch {
  static final int HABIT = 10;

  private static final int BROKEN = HABIT + 1;

  private final @Nullable Lexeme[] usual;
  private final int[] streak;
  private final boolean[] comesAndGoes;
  private final boolean[] mixed;
  private final FieldDrift[] vanished;
  private final FieldDrift[] retyped;

  /**
   * @param places where the slots' values are in the payload
   */
  DriftWatch(List<String> places) {
    int slots = places.size();
    this.usual = new Lexeme[slots];
    this.streak = new int[slots];
    this.comesAndGoes = new boolean[slots];
    this.mixed = new boolean[slots];
    this.vanished = new FieldDrift[slots];
    this.retyped = new FieldDrift[slots];
    for (int slot = 0; slot < slots; slot++) {
      vanished[slot] = new FieldDrift(FieldDrift.Kind.VANISHED, places.get(slot));
      retyped[slot] = new FieldDrift(FieldDrift.Kind.TYPE, places.get(slot));
    }
  }

  /** Looks at what a slot holds in the next record. */
  void look(int slot, Lexeme kind, Refined out) {
    if (kind == usual[slot]) {
      if (streak[slot] != HABIT) {
        settle(slot);
      }
    } else if (kind != Lexeme.NULL) {
      unusual(slot, kind, out);
    }
  }

  private void settle(int slot) {
    if (streak[slot] == BROKEN) {
      comesAndGoes[slot] = true;
      mixed[slot] = true;
      streak[slot] = HABIT;
    } else {
      streak[slot]++;
    }
  }

  private void unusual(int slot, Lexeme kind, Refined out) {
    boolean habit = streak[slot] >= HABIT;
    if (kind == Lexeme.ABSENT || kind == Lexeme.BLOCKED) {
      if (!habit) {
        streak[slot] = 0;
      } else if (!comesAndGoes[slot]) {
        streak[slot] = BROKEN;
        out.drifted(vanished[slot]);
      }
    } else if (habit && isBoolean(kind) && isBoolean(usual[slot])) {
      // True and false are one kind.
      return;
    } else if (!habit) {
      usual[slot] = kind;
      streak[slot] = 1;
    } else if (!mixed[slot]) {
      streak[slot] = BROKEN;
      out.drifted(retyped[slot]);
    }
  }

  private static boolean isBoolean(@Nullable Lexeme kind) {
    return kind == Lexeme.TRUE || kind == Lexeme.FALSE;
  }

  /** Counts a value that its field could not take. */
  void refused(int slot, Flaw flaw, Lexeme kind, Refined out) {
    if (flaw == Flaw.TYPE_MISMATCH) {
      out.drifted(retyped[slot]);
    } else if (flaw == Flaw.MISSING && kind == Lexeme.ABSENT) {
      out.drifted(vanished[slot]);
    }
  }
}
