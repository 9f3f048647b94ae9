package ai.finks.simulators.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the twenty generated portfolios with its invented owner.
 *
 * @param id such as {@code PF-1001}
 * @param accountNumber twelve digits in three groups; belongs to no bank
 * @param clientId such as {@code CL-101}
 * @param clientName an invented name
 * @param clientEmail an address in a domain that is reserved for examples
 */
public record DemoPortfolio(
    String id, String accountNumber, String clientId, String clientName, String clientEmail) {

  private static final int PER_CLIENT = 2;

  private static final List<String> NAMES =
      List.of(
          "Amara Okonjo-Lindqvist",
          "Tobias Brandvold",
          "Zoë Castellane",
          "Henrik Østermark",
          "Priya Raghunandan",
          "Declan O'Shaunessey",
          "Mei-Lin Hartwyck",
          "Ludovic Bérangeaud",
          "Saoirse Whitcomley",
          "Kwabena Dufourneau");

  private static final List<String> EMAILS =
      List.of(
          "amara.okonjo-lindqvist@example.com",
          "t.brandvold@example.org",
          "zoe.castellane@example.com",
          "henrik.ostermark@example.org",
          "praghunandan@example.com",
          "declan.oshaunessey@example.com",
          "meilin.hartwyck@example.org",
          "l.berangeaud@example.com",
          "saoirse.w@example.org",
          "kwabena.dufourneau@example.com");

  /** All of them: ten clients with two portfolios each. */
  static List<DemoPortfolio> all(Dice dice) {
    List<DemoPortfolio> portfolios = new ArrayList<>();
    for (int client = 0; client < NAMES.size(); client++) {
      for (int i = 1; i <= PER_CLIENT; i++) {
        portfolios.add(
            new DemoPortfolio(
                "PF-" + (1000 + client * PER_CLIENT + i),
                digits(dice) + "-" + digits(dice) + "-" + digits(dice),
                "CL-" + (101 + client),
                NAMES.get(client),
                EMAILS.get(client)));
      }
    }
    return List.copyOf(portfolios);
  }

  private static String digits(Dice dice) {
    return String.valueOf(dice.between(1000, 9999));
  }
}
