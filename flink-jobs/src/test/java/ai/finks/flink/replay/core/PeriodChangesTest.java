package ai.finks.flink.replay.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PeriodChangesTest {

  @Test
  void rowsAreUnchangedRestatedAddedOrRemoved() {
    PeriodChanges changes = new PeriodChanges();

    changes.compare(
        rows(row(1, 1), row(2, 2), row(3, 1), row(4, 1)),
        rows(row(1, 1), row(2, 1), row(5, 1)),
        rows(row(4, 1), row(6, 1)));

    assertThat(changes.unchanged()).isEqualTo(2);
    assertThat(changes.restated()).isEqualTo(1);
    assertThat(changes.added()).isEqualTo(1);
    assertThat(changes.removed()).isEqualTo(1);
    assertThat(changes.elsewhere()).containsExactly(row(4, 1));
    assertThat(changes.onlyAdded()).containsExactly(row(3, 1));
  }

  @Property(tries = 500)
  void publishingTheChangesGivesWhatTheReplayGives(
      @ForAll List<@IntRange(min = 0, max = 30) Integer> given,
      @ForAll List<@IntRange(min = 0, max = 30) Integer> there,
      @ForAll List<@IntRange(min = 0, max = 30) Integer> others) {
    Set<RowIdentity> staged = set(given);
    Set<RowIdentity> inScope = set(there);
    Set<RowIdentity> outOfScope = set(others);
    outOfScope.removeAll(inScope);
    PeriodChanges changes = new PeriodChanges();

    changes.compare(new ArrayList<>(staged), new ArrayList<>(inScope), new ArrayList<>(outOfScope));

    Set<RowIdentity> after = new HashSet<>(inScope);
    after.removeAll(changes.surplus());
    after.addAll(changes.missing());
    Set<RowIdentity> wanted = new HashSet<>(staged);
    wanted.removeAll(changes.elsewhere());
    assertThat(after).isEqualTo(wanted);
    assertThat(changes.unchanged() + changes.added() + changes.restated()).isEqualTo(staged.size());
    assertThat(changes.removed() + changes.restated()).isEqualTo(changes.surplus().size());
    assertThat(changes.isEmpty())
        .isEqualTo(changes.added() + changes.restated() + changes.removed() == 0);
  }

  private static Set<RowIdentity> set(List<Integer> numbers) {
    Set<RowIdentity> rows = new HashSet<>();
    numbers.forEach(number -> rows.add(row(number % 7, number / 7)));
    return rows;
  }

  private static List<RowIdentity> rows(RowIdentity... rows) {
    return new ArrayList<>(Arrays.asList(rows));
  }

  private static RowIdentity row(long key, long version) {
    return new RowIdentity(0, key, 0, version);
  }
}
