// What the compiler guarantees of the content that it makes, checked of compiled content that came
// from elsewhere: a file that was edited, or made for another version of Assay.
//
// Pure; any thread.
#pragma once

#include "checks/engine/content.h"
#include "evidence/result.h"

namespace assay::checks {

// Ids stand once and in order, words are known, mappings lead to controls, every query can be
// prepared against the tables of this version and reads what the content says that it reads.
// kConfiguration with all problems, one per line, each as "file:line: what" by the check's origin.
[[nodiscard]] Status check_compiled(const Content& content);

}  // namespace assay::checks
