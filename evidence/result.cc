#include "evidence/result.h"

#include <cerrno>
#include <cstring>

namespace assay {

std::string_view name_of(Code code) {
  switch (code) {
    case Code::kNotFound: return "not_found";
    case Code::kPermissionDenied: return "permission_denied";
    case Code::kNotSupported: return "not_supported";
    case Code::kInvalidData: return "invalid_data";
    case Code::kTooLarge: return "too_large";
    case Code::kTimedOut: return "timed_out";
    case Code::kUnavailable: return "unavailable";
    case Code::kConflict: return "conflict";
    case Code::kUnauthenticated: return "unauthenticated";
    case Code::kRefused: return "refused";
    case Code::kNoSpace: return "no_space";
    case Code::kIo: return "io";
    case Code::kUsage: return "usage";
    case Code::kConfiguration: return "configuration";
    case Code::kLost: return "lost";
    case Code::kInternal: return "internal";
  }
  return "internal";
}

Error Error::within(std::string_view context) const {
  std::string message(context);
  message.append(": ").append(message_);
  return {code_, std::move(message)};
}

namespace {

Code code_of_errno(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH: return Code::kNotFound;
    case EACCES:
    case EPERM: return Code::kPermissionDenied;
    case ENOSYS:
    case EOPNOTSUPP: return Code::kNotSupported;
    case ELOOP:
    case EXDEV: return Code::kInvalidData;
    case EFBIG: return Code::kTooLarge;
    case ETIMEDOUT: return Code::kTimedOut;
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH: return Code::kUnavailable;
    case EEXIST: return Code::kConflict;
    case ENOSPC:
    case EDQUOT: return Code::kNoSpace;
    default: return Code::kIo;
  }
}

}  // namespace

Error system_error(int number, std::string_view what) {
  char text[256];
  // The GNU strerror_r; it does not depend on the locale of another thread.
  const char* words = strerror_r(number, text, sizeof text);
  std::string message(what);
  message.append(": ").append(words);
  return {code_of_errno(number), std::move(message)};
}

}  // namespace assay
