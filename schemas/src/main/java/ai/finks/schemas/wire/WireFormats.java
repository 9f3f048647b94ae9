package ai.finks.schemas.wire;

import ai.finks.schemas.registry.HttpRegistryClient;
import java.net.URI;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Finds the wire format that goes with a registry's address: {@code http} and {@code https} mean
 * Confluent's API and format, other schemes what a {@link WireFormatProvider} on the class path
 * serves.
 */
public final class WireFormats {
  private WireFormats() {}

  /**
   * The format of the registry at an address. Nothing is contacted yet.
   *
   * @throws IllegalArgumentException when the address is wrong or nothing serves its scheme
   */
  public static WireFormat open(URI registry) {
    String scheme = String.valueOf(registry.getScheme());
    if (scheme.equals("http") || scheme.equals("https")) {
      return new ConfluentWireFormat(new HttpRegistryClient(registry));
    }
    Map<String, WireFormatProvider> providers = new TreeMap<>();
    for (WireFormatProvider provider :
        ServiceLoader.load(WireFormatProvider.class, WireFormats.class.getClassLoader())) {
      providers.put(provider.scheme(), provider);
    }
    WireFormatProvider provider = providers.get(scheme);
    if (provider == null) {
      throw new IllegalArgumentException(
          "nothing on the class path serves a schema registry at "
              + registry
              + "; there are http, https"
              + (providers.isEmpty()
                  ? " (glue comes with the module finks-glue-registry)"
                  : ", " + String.join(", ", providers.keySet())));
    }
    return provider.open(registry);
  }
}
