// A copy of a whole store, taken while it is used.
#pragma once

#include <string>

#include "evidence/result.h"

namespace assay::collector::sqlite {

// Copies the database at `from` to the new file `to` (mode 0600) as it is at one moment, and reads
// the copy through (PRAGMA quick_check). Writers at `from` go on; what they write after that moment
// is not in the copy. On disk when the call returns; a call that fails leaves no file `to`.
// kConflict when `to` is there, kInvalidData when the copy is damaged, kNoSpace, kUnavailable, kIo.
[[nodiscard]] Status copy_store(const std::string& from, const std::string& to);

// Reads the database through (PRAGMA quick_check), also while it is used. kInvalidData when it is
// damaged, kNotFound, kUnavailable, kIo.
[[nodiscard]] Status check_store(const std::string& path);

}  // namespace assay::collector::sqlite
