package ai.finks.schemas.value;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Takes one converted value, without boxing. Which part holds it follows from the field's type:
 * texts in {@link #text}, decimals of more than 18 digits in {@link #wide}, everything else in
 * {@link #number} (booleans as 0 and 1, dates as days and instants as microseconds since 1970,
 * decimals unscaled).
 */
public final class Cell {

  private boolean isNull = true;
  private long number;
  private @Nullable Utf8Text text;
  private @Nullable BigDecimal wide;

  public boolean isNull() {
    return isNull;
  }

  public long number() {
    return number;
  }

  public @Nullable Utf8Text text() {
    return text;
  }

  public @Nullable BigDecimal wide() {
    return wide;
  }

  public void setNull() {
    isNull = true;
    text = null;
    wide = null;
  }

  public void setNumber(long value) {
    isNull = false;
    number = value;
  }

  public void setText(Utf8Text value) {
    isNull = false;
    text = value;
  }

  public void setWide(BigDecimal value) {
    isNull = false;
    wide = value;
  }

  public void set(Cell other) {
    isNull = other.isNull;
    number = other.number;
    text = other.text;
    wide = other.wide;
  }
}
