// Changes to files that are on the disk when the call returns, or did not happen.
//
// Every function that changes something syncs what it changed and the folder
// above it, so that SIGKILL or a power cut at any point leaves the old or the new state, and
// at worst a file or folder whose name begins with "." (kTemporaryPrefix), which nobody reads.
// Reading never follows a symbolic link in the last component and reads regular
// files only: a folder may belong to a process with fewer rights than the reader.
//
// A Disk is used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::string_view kTemporaryPrefix = ".";

struct NewFile {
  std::string name;
  std::string_view bytes;
};

class Disk {
 public:
  Disk() = default;
  // `before_change` is asked before every system call that changes something, and answers 0 or
  // the errno with which it fails instead. Tests fill the disk with it, or end the process.
  explicit Disk(std::function<int()> before_change) : before_change_(std::move(before_change)) {}

  // Creates or replaces one file. kNoSpace leaves the old content.
  [[nodiscard]] Status write(const std::string& path, std::string_view bytes, unsigned mode = 0640);
  // Creates the folder `path`, all its files in it, in one step. kConflict when it is there.
  [[nodiscard]] Status write_folder(const std::string& path, const std::vector<NewFile>& files);
  // Appends a whole line; kNoSpace leaves the file as it was. Where the file system can, room for
  // the next lines is taken in advance, so that they can be written when it is full.
  [[nodiscard]] Status append(const std::string& path, std::string_view line);
  // Renames within one file system.
  [[nodiscard]] Status move(const std::string& from, const std::string& to);
  // A file, or a folder of files. Not there is no failure.
  [[nodiscard]] Status remove(const std::string& path);
  // Removes what a killed process left unfinished in a folder.
  [[nodiscard]] Status clean(const std::string& folder);

 private:
  [[nodiscard]] Status allowed(std::string_view what);
  [[nodiscard]] Status write_new(const std::string& path, std::string_view bytes, unsigned mode);
  [[nodiscard]] Status write_all(int file, std::string_view bytes, std::string_view what);

  std::function<int()> before_change_;
};

// kTooLarge over `max_bytes`, kInvalidData for anything but a regular file.
[[nodiscard]] Result<std::string> read_state_file(const std::string& path, std::size_t max_bytes);
// The names in a folder, sorted, without those of temporary files.
[[nodiscard]] Result<std::vector<std::string>> list_state_folder(const std::string& path);
[[nodiscard]] Status sync_folder(const std::string& path);

}  // namespace assay::agent
