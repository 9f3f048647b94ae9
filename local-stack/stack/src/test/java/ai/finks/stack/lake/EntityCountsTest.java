package ai.finks.stack.lake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EntityCountsTest {
  @Test
  void balancesWhenEveryRowWentOneWay() {
    assertThat(new EntityCounts(10, 2, 7, 1, 3, 1).balanced()).isTrue();
  }

  @Test
  void doesNotBalanceWhenARowIsMissing() {
    assertThat(new EntityCounts(10, 2, 7, 1, 3, 0).balanced()).isFalse();
  }

  @Test
  void sumsOfBalancedCountsBalance() {
    EntityCounts sum =
        new EntityCounts(10, 0, 9, 1, 0, 0).plus(new EntityCounts(5, -1, 2, 0, 1, 1));

    assertThat(sum).isEqualTo(new EntityCounts(15, -1, 11, 1, 1, 1));
    assertThat(sum.balanced()).isTrue();
  }
}
