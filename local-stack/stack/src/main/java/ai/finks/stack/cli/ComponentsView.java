package ai.finks.stack.cli;

import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** The parts of a stack as {@code up} and {@code status} show them. */
final class ComponentsView {
  private ComponentsView() {}

  static ArrayNode json(StackRecord record) {
    ArrayNode components = CommonOptions.JSON.createArrayNode();
    for (StackRecord.Component component : record.components()) {
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
    return record.components().stream()
        .map(
            component ->
                String.format(
                    "  %-10s %-5s %-44s pid %d",
                    component.name(), state(component), component.url(), component.process().pid()))
        .toList();
  }

  private static String state(StackRecord.Component component) {
    return component.process().find("").isPresent() ? "up" : "down";
  }
}
