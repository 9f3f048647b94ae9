package ai.finks.schemas.wire;

import java.net.URI;

/**
 * Makes the wire format of one kind of registry; found by {@link java.util.ServiceLoader}, so that
 * a registry's own library is on the class path only where it is used.
 */
public interface WireFormatProvider {

  /** The scheme of the registry addresses that it serves, such as {@code glue}. */
  String scheme();

  /**
   * The format of the registry at an address. Nothing is contacted yet.
   *
   * @throws IllegalArgumentException when the address is not complete, saying what it needs
   */
  WireFormat open(URI registry);
}
