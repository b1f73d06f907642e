#include "agent/network/services/protocols/ssh/ssh_library.h"

#include "agent/host/loaded_library.h"

namespace assay::agent::services {

namespace {

Result<SshLibrary> load() {
  const auto loaded = LoadedLibrary::open({"libssh.so.4"});
  if (!loaded.is_open()) return fail(Code::kNotFound, "the library libssh.so.4 is not installed");
  SshLibrary library;
  if (!loaded.find("ssh_new", library.make) || !loaded.find("ssh_free", library.free) ||
      !loaded.find("ssh_options_set", library.set_option) ||
      !loaded.find("ssh_set_blocking", library.set_blocking) ||
      !loaded.find("ssh_get_fd", library.descriptor) ||
      !loaded.find("ssh_connect", library.connect) ||
      !loaded.find("ssh_userauth_none", library.log_in_by_nothing) ||
      !loaded.find("ssh_userauth_list", library.methods) ||
      !loaded.find("ssh_get_error", library.error))
    return fail(Code::kNotSupported, "the library libssh lacks a function");
  return library;
}

}  // namespace

const Result<SshLibrary>& ssh_library() {
  static const Result<SshLibrary> kLibrary = load();
  return kLibrary;
}

}  // namespace assay::agent::services
