// assay: the operator's and auditor's command.
#include "cli/commands/command.h"

int main(int argc, char** argv) {
  return assay::cli::run({argv + 1, argv + argc}, {});
}
