package ai.finks.stack.cli;

import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Comparator;
import java.util.List;

/** The parts of a stack as {@code up} and {@code status} show them, by their names. */
final class ComponentsView {
  private ComponentsView() {}

  static ArrayNode json(StackRecord record) {
    ArrayNode components = CommonOptions.JSON.createArrayNode();
    for (StackRecord.Component component : sorted(record)) {
      components
          .addObject()
          .put("name", component.name())
          .put("state", state(component))
          .put("url", component.url())
          .put("pid", component.process().pid());
    }
    return components;
  }

  static List<String> lines(StackRecord record) {
    return sorted(record).stream()
        .map(
            component ->
                String.format(
                    "  %-11s %-5s %-44s pid %d",
                    component.name(), state(component), component.url(), component.process().pid()))
        .toList();
  }

  /** Parts start side by side, so their order in the record is another one each time. */
  private static List<StackRecord.Component> sorted(StackRecord record) {
    return record.components().stream()
        .sorted(Comparator.comparing(StackRecord.Component::name))
        .toList();
  }

  private static String state(StackRecord.Component component) {
    return component.process().find("").isPresent() ? "up" : "down";
  }
}
