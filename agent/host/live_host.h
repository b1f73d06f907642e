// The running machine, or the file system of another one.
//
// LiveHost() is the machine it runs on. LiveHost("/mnt/image") reads the files
// under that folder as if it were "/" and never leaves it; whatever needs a
// running machine is then kNotSupported. Used by one thread at a time.
#pragma once

#include <string>

#include "agent/host/host.h"
#include "agent/host/root_folder.h"

namespace assay::agent {

class LiveHost final : public Host {
 public:
  explicit LiveHost(const std::string& root = "/") : root_(root) {}

  // Whether the root could be opened at all; if not, every call fails with this error.
  [[nodiscard]] Status opened() const { return root_.opened(); }

  [[nodiscard]] bool is_live() const override { return root_.is_real(); }
  [[nodiscard]] Result<std::string> read_file(std::string_view path,
                                              std::size_t max_bytes) override;
  [[nodiscard]] Result<std::string> read_start(std::string_view path, std::size_t bytes) override;
  [[nodiscard]] Result<std::vector<std::string>> list_directory(std::string_view path,
                                                                std::size_t max_entries) override;
  [[nodiscard]] Result<FileStatus> status(std::string_view path) override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) override;

  [[nodiscard]] Result<std::vector<Socket>> listening_sockets() override;
  [[nodiscard]] Result<std::vector<SocketOwner>> socket_owners(
      const std::vector<std::uint64_t>& inodes) override;
  [[nodiscard]] Result<std::vector<InterfaceAddress>> interface_addresses() override;

  [[nodiscard]] evidence::Seconds now() override;

 private:
  RootFolder root_;
};

}  // namespace assay::agent
