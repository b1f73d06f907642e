// Assay's own programs as children of this one: found beside it, and given nothing of ours but what
// is named. Vendors' tools are others' programs; agent/host/vendor_tool.h starts these.
#pragma once

#include <sys/types.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// A descriptor of ours, and the number that it has in the child.
struct HandedDescriptor {
  int ours = -1;
  int number = -1;
};

struct ChildCall {
  std::string program;
  std::vector<std::string> arguments;    // without the program's name
  std::vector<std::string> environment;  // "NAME=value"
  // Besides standard input, output and error; what is above the highest of all these is closed.
  std::vector<HandedDescriptor> descriptors;
};

// Starts it; SIGTERM ends it with the process that started it, and all signals are unblocked.
// kNotFound: there is no such program.
[[nodiscard]] Result<pid_t> start_child(const ChildCall& call);

// Those of our variables that are set, as ChildCall has them.
[[nodiscard]] std::vector<std::string> variables(std::initializer_list<const char*> names);

// The path of a program in the folder of the one that runs.
[[nodiscard]] Result<std::string> program_beside_this(std::string_view name);

}  // namespace assay::agent
