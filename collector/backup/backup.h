// All that a collector keeps in its state folder, copied to another folder while it serves, and
// back. The copy holds the keys of the certificate authority and is to be kept like them.
#pragma once

#include <string>

#include "collector/backup/backup_list.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// Into the folder `to` (mode 0700), which must not be there or be empty. Everything in `state` but
// what only a running collector has (serve.json, lock). The list is written last: a folder without
// backup.json is no backup. kNotFound, kConflict, kNoSpace, kUnavailable, kIo, kInvalidData for a
// store that is damaged.
[[nodiscard]] Result<BackupList> take_backup(const std::string& state, const std::string& to,
                                             evidence::Seconds now);

// Reads a backup through. kInvalidData names the first file that is missing, or is not what was
// written.
[[nodiscard]] Result<BackupList> check_backup(const std::string& from);

// Checks it, and puts it into the folder `state`, which must not be there or be empty. A call that
// fails leaves `state` as it was.
[[nodiscard]] Result<BackupList> restore_backup(const std::string& from, const std::string& state);

}  // namespace assay::collector
