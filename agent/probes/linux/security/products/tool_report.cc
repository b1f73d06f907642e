#include "agent/probes/linux/security/products/tool_report.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

std::string command_of(const VendorTool& tool) {
  auto command = tool.program;
  for (const auto& argument : tool.arguments) command.append(" ").append(argument);
  return command;
}

// The part behind the name, when the line begins with it and something separates the two.
std::optional<std::string_view> value_in(std::string_view line, std::string_view name) {
  const auto start = line.find_first_not_of(" \t-*");
  if (start == std::string_view::npos || !line.substr(start).starts_with(name)) return std::nullopt;
  auto rest = line.substr(start + name.size());
  const auto separator = rest.find_first_not_of(" \t");
  if (separator == std::string_view::npos) return std::nullopt;
  if (rest[separator] == ':' || rest[separator] == '=') return trimmed(rest.substr(separator + 1));
  if (separator >= 2 || rest[0] == '\t') return trimmed(rest);
  return std::nullopt;
}

}  // namespace

std::string_view report_value(std::string_view report, std::string_view name) {
  Lines lines(report);
  while (const auto line = lines.next())
    if (const auto value = value_in(*line, name)) return *value;
  return {};
}

std::optional<std::string> run_tool(Host& host, std::string_view command, std::string_view unknown,
                                    Findings& findings) {
  const auto prefix = std::string(unknown) + ": ";
  for (const auto& tool : vendor_tools()) {
    if (command_of(tool) != command) continue;
    auto output = host.run(tool);
    if (output) {
      findings.from(command);
      return *std::move(output);
    }
    findings.note(prefix + output.error().message());
    return std::nullopt;
  }
  findings.note(prefix + std::string(command) + " is not among the tools that may be run");
  return std::nullopt;
}

}  // namespace assay::agent
