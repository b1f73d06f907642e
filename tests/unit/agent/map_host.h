// A Host for tests: files from a map, folders implied by their paths, chosen failures.
#pragma once

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

class MapHost : public Host {
 public:
  struct File {
    std::string path;
    std::string content;
  };

  MapHost() = default;
  // MapHost{{"/etc/passwd", "…"}, {"/etc/shadow", "…"}}
  MapHost(std::initializer_list<File> files) {
    for (const auto& file : files) with_file(file.path, file.content);
  }

  MapHost& with_file(std::string_view path, std::string content) {
    files_[std::string(path)] = std::move(content);
    return *this;
  }
  MapHost& without_file(std::string_view path) {
    files_.erase(std::string(path));
    return *this;
  }
  // Every call that names `path` fails with `code`.
  MapHost& failing(std::string_view path, Code code) {
    failures_.insert_or_assign(std::string(path), code);
    return *this;
  }

  bool is_live() const override { return false; }

  Result<std::string> read_file(std::string_view path, std::size_t max_bytes) override {
    if (const auto failure = failures_.find(path); failure != failures_.end()) {
      return fail(failure->second, "as the test wants it");
    }
    const auto found = files_.find(path);
    if (found == files_.end()) {
      if (!names_in(path).empty()) return fail(Code::kInvalidData, "is a folder");
      return fail(Code::kNotFound, "no such file");
    }
    if (found->second.size() > max_bytes) return fail(Code::kTooLarge, "larger than allowed");
    return found->second;
  }

  Result<std::vector<std::string>> list_directory(std::string_view path,
                                                  std::size_t max_entries) override {
    if (const auto failure = failures_.find(path); failure != failures_.end()) {
      return fail(failure->second, "as the test wants it");
    }
    const auto names = names_in(path);
    if (names.empty()) return fail(Code::kNotFound, "no such folder");
    if (names.size() > max_entries) return fail(Code::kTooLarge, "more entries than allowed");
    return std::vector<std::string>(names.begin(), names.end());
  }

  Result<FileStatus> status(std::string_view path) override {
    if (const auto failure = failures_.find(path); failure != failures_.end()) {
      return fail(failure->second, "as the test wants it");
    }
    if (const auto found = files_.find(path); found != files_.end()) {
      return FileStatus{
          .kind = FileKind::kRegular, .mode = 0644, .size_bytes = found->second.size()};
    }
    if (!names_in(path).empty()) return FileStatus{.kind = FileKind::kDirectory, .mode = 0755};
    return fail(Code::kNotFound, "no such file");
  }

  Result<std::string> read_link(std::string_view) override {
    return fail(Code::kInvalidData, "no symbolic link");
  }
  Result<std::vector<Socket>> listening_sockets() override {
    return fail(Code::kNotSupported, "not a running machine");
  }
  Result<std::vector<SocketOwner>> socket_owners(const std::vector<std::uint64_t>&) override {
    return fail(Code::kNotSupported, "not a running machine");
  }
  Result<std::vector<InterfaceAddress>> interface_addresses() override {
    return fail(Code::kNotSupported, "not a running machine");
  }
  evidence::Seconds now() override { return evidence::Seconds{}; }

 private:
  [[nodiscard]] std::set<std::string> names_in(std::string_view folder) const {
    const auto prefix = std::string(folder) + "/";
    std::set<std::string> names;
    for (auto it = files_.lower_bound(prefix); it != files_.end(); ++it) {
      if (!it->first.starts_with(prefix)) break;
      names.insert(
          it->first.substr(prefix.size(), it->first.find('/', prefix.size()) - prefix.size()));
    }
    return names;
  }

  std::map<std::string, std::string, std::less<>> files_;
  std::map<std::string, Code, std::less<>> failures_;
};

}  // namespace assay::agent
