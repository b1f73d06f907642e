// A shared library that is opened only when it is needed: whoever does not need it does not pay for
// it and for what it brings along.
#pragma once

#include <dlfcn.h>

#include <initializer_list>

namespace assay::agent {

// Any thread; a copy is the same library.
class LoadedLibrary {
 public:
  // The first of these names that the system has. Stays loaded until the program ends.
  [[nodiscard]] static LoadedLibrary open(std::initializer_list<const char*> names) {
    LoadedLibrary library;
    for (const char* name : names)
      if (!library.is_open()) library.handle_ = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    return library;
  }

  // False: the system has none of the names.
  [[nodiscard]] bool is_open() const { return handle_ != nullptr; }

  // Sets `function` to the one of this name. False: an open library lacks it.
  template <typename Function>
  [[nodiscard]] bool find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(::dlsym(handle_, name));
    return function != nullptr;
  }

 private:
  LoadedLibrary() = default;
  void* handle_ = nullptr;
};

}  // namespace assay::agent
