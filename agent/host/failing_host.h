// For tests: another Host, of which chosen paths and calls fail.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agent/host/host.h"

namespace assay::agent {

class FailingHost final : public Host {
 public:
  // `inner` must outlive this.
  explicit FailingHost(Host& inner) : inner_(inner) {}

  // Every call on `path`, and on what is below it, fails.
  void fail_path(std::string path, Error error) { paths_.emplace(std::move(path), error); }
  // The calls without a path.
  void fail_walk(Error error) { walk_ = std::move(error); }
  void fail_processes(Error error) { processes_ = std::move(error); }
  void fail_sockets(Error error) { sockets_ = std::move(error); }
  void fail_owners(Error error) { owners_ = std::move(error); }
  void fail_addresses(Error error) { addresses_ = std::move(error); }
  void fail_routes(Error error) { routes_ = std::move(error); }    // and neighbours
  void fail_filters(Error error) { filters_ = std::move(error); }  // nftables' and iptables'

  [[nodiscard]] bool is_live() const override { return inner_.is_live(); }
  [[nodiscard]] Result<std::string> read_file(std::string_view path, std::size_t max) override {
    if (const auto* error = error_at(path)) return fail(error->within("reading " + text(path)));
    return inner_.read_file(path, max);
  }
  [[nodiscard]] Result<std::string> read_range(std::string_view path, std::uint64_t offset,
                                               std::size_t bytes) override {
    if (const auto* error = error_at(path)) return fail(error->within("reading " + text(path)));
    return inner_.read_range(path, offset, bytes);
  }
  [[nodiscard]] Result<evidence::Digest> sha256_of(std::string_view path,
                                                   std::uint64_t max) override {
    if (const auto* error = error_at(path)) return fail(error->within("reading " + text(path)));
    return inner_.sha256_of(path, max);
  }
  [[nodiscard]] Result<std::vector<std::string>> list_directory(std::string_view path,
                                                                std::size_t max) override {
    if (const auto* error = error_at(path)) return fail(error->within("listing " + text(path)));
    return inner_.list_directory(path, max);
  }
  [[nodiscard]] Result<FileStatus> status(std::string_view path) override {
    if (const auto* error = error_at(path)) return fail(error->within("looking at " + text(path)));
    return inner_.status(path);
  }
  [[nodiscard]] Result<std::string> read_link(std::string_view path) override {
    if (const auto* error = error_at(path)) return fail(error->within("reading " + text(path)));
    return inner_.read_link(path);
  }
  [[nodiscard]] Result<WalkSummary> walk(TreeVisitor& visitor) override {
    if (walk_) return fail(*walk_);
    return inner_.walk(visitor);
  }
  [[nodiscard]] Result<std::vector<Process>> processes() override {
    if (processes_) return fail(*processes_);
    return inner_.processes();
  }
  [[nodiscard]] Result<std::string> run(const VendorTool& tool) override {
    if (const auto* error = error_at(tool.program)) return fail(*error);
    return inner_.run(tool);
  }
  [[nodiscard]] Result<std::vector<Socket>> listening_sockets() override {
    if (sockets_) return fail(*sockets_);
    return inner_.listening_sockets();
  }
  [[nodiscard]] Result<std::vector<SocketOwner>> socket_owners(
      const std::vector<std::uint64_t>& inodes) override {
    if (owners_) return fail(*owners_);
    return inner_.socket_owners(inodes);
  }
  [[nodiscard]] Result<std::vector<InterfaceAddress>> interface_addresses() override {
    if (addresses_) return fail(*addresses_);
    return inner_.interface_addresses();
  }
  [[nodiscard]] Result<std::vector<Route>> routes() override {
    if (routes_) return fail(*routes_);
    return inner_.routes();
  }
  [[nodiscard]] Result<std::vector<Neighbour>> neighbours() override {
    if (routes_) return fail(*routes_);
    return inner_.neighbours();
  }
  [[nodiscard]] Result<NftRuleset> nft_ruleset(Counters counters) override {
    if (filters_) return fail(*filters_);
    return inner_.nft_ruleset(counters);
  }
  [[nodiscard]] Result<LegacyTable> legacy_filter_table(std::uint8_t family, std::string_view name,
                                                        Counters counters) override {
    if (filters_) return fail(*filters_);
    return inner_.legacy_filter_table(family, name, counters);
  }
  [[nodiscard]] Result<ClockState> clock_state() override { return inner_.clock_state(); }
  [[nodiscard]] evidence::Seconds now() override { return inner_.now(); }

 private:
  [[nodiscard]] const Error* error_at(std::string_view path) const {
    for (const auto& [failing, error] : paths_)
      if (path == failing || (path.starts_with(failing) && path[failing.size()] == '/'))
        return &error;
    return nullptr;
  }
  static std::string text(std::string_view path) { return std::string(path); }

  Host& inner_;
  std::map<std::string, Error, std::less<>> paths_;
  std::optional<Error> walk_;
  std::optional<Error> processes_;
  std::optional<Error> sockets_;
  std::optional<Error> owners_;
  std::optional<Error> addresses_;
  std::optional<Error> routes_;
  std::optional<Error> filters_;
};

}  // namespace assay::agent
