#include "agent/network/services/protocols/ssh/ssh_library.h"

#include <dlfcn.h>

namespace assay::agent::services {

namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

Result<SshLibrary> load() {
  void* const loaded = ::dlopen("libssh.so.4", RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) return fail(Code::kNotFound, "the library libssh.so.4 is not installed");
  SshLibrary library;
  if (!find(loaded, "ssh_new", library.make) || !find(loaded, "ssh_free", library.free) ||
      !find(loaded, "ssh_options_set", library.set_option) ||
      !find(loaded, "ssh_set_blocking", library.set_blocking) ||
      !find(loaded, "ssh_get_fd", library.descriptor) ||
      !find(loaded, "ssh_connect", library.connect) ||
      !find(loaded, "ssh_userauth_none", library.log_in_by_nothing) ||
      !find(loaded, "ssh_userauth_list", library.methods) ||
      !find(loaded, "ssh_get_error", library.error))
    return fail(Code::kNotSupported, "the library libssh lacks a function");
  return library;
}

}  // namespace

const Result<SshLibrary>& ssh_library() {
  static const Result<SshLibrary> kLibrary = load();
  return kLibrary;
}

}  // namespace assay::agent::services
