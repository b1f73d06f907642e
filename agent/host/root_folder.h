// A folder that is taken for "/": every path is looked up inside it, and a
// symbolic link, absolute or with "..", cannot lead out of it.
//
// The lookup is the kernel's (openat2 with RESOLVE_IN_ROOT), so there is no gap
// between checking a path and opening it. Where the folder is the real "/",
// paths are opened as they are. Used by one thread at a time.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "agent/host/file_descriptor.h"
#include "evidence/result.h"

namespace assay::agent {

class RootFolder {
 public:
  // Never fails here; opened() and every call say so if the folder cannot be opened.
  explicit RootFolder(const std::string& folder);

  [[nodiscard]] Status opened() const;
  // True when the folder is the running machine's "/".
  [[nodiscard]] bool is_real() const { return is_real_; }

  // `flags` of open(2), without O_CREAT; `what` names the act in the error.
  [[nodiscard]] Result<FileDescriptor> open(std::string_view path, int flags,
                                            std::string_view what) const;
  // A regular file, open for reading; anything else is kInvalidData and is not opened,
  // because opening a device or a FIFO can do something. `status` receives its status.
  [[nodiscard]] Result<FileDescriptor> open_regular(std::string_view path,
                                                    struct ::stat* status) const;
  [[nodiscard]] Result<FileDescriptor> open_directory(std::string_view path) const;
  // Of the file itself when `follow` is false, of what a link leads to otherwise.
  [[nodiscard]] Result<struct ::stat> status(std::string_view path, bool follow,
                                             std::string_view what) const;

 private:
  [[nodiscard]] int try_open(const std::string& path, int flags) const;

  FileDescriptor folder_;
  Status opened_;
  bool is_real_ = false;
};

}  // namespace assay::agent
