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

namespace {

// What a code means, for whoever cannot be told more in their language.
std::string_view chinese_for(Code code) {
  switch (code) {
    case Code::kNotFound: return "找不到指定的項目";
    case Code::kPermissionDenied: return "權限不足";
    case Code::kNotSupported: return "此環境不支援";
    case Code::kInvalidData: return "資料不符合格式";
    case Code::kTooLarge: return "超過上限";
    case Code::kTimedOut: return "等候逾時";
    case Code::kUnavailable: return "目前無法提供服務，請稍後再試";
    case Code::kConflict: return "與既有的紀錄衝突";
    case Code::kUnauthenticated: return "無法確認身分";
    case Code::kRefused: return "不允許這項操作";
    case Code::kNoSpace: return "儲存空間不足";
    case Code::kIo: return "讀寫失敗";
    case Code::kUsage: return "輸入的內容有誤";
    case Code::kConfiguration: return "設定檔或內容檔有誤";
    case Code::kLost: return "證據遺失";
    case Code::kInternal: return "程式內部錯誤";
  }
  return "程式內部錯誤";
}

}  // namespace

std::string Error::in(Language language) const {
  if (language == Language::kEnglish) return text_.en;
  if (!text_.zh_tw.empty()) return text_.zh_tw;
  const std::string meaning(chinese_for(code_));
  // A list of problems, each on a line that a program may look for.
  if (text_.en.contains('\n')) return meaning + "：\n" + text_.en;
  return meaning + "（" + text_.en + "）";
}

Error Error::within(std::string_view context) const {
  Text text{std::string(context), {}};
  text.en.append(": ").append(text_.en);
  if (!text_.zh_tw.empty()) text.zh_tw.append(context).append("：").append(text_.zh_tw);
  return {code_, std::move(text)};
}

Error Error::within(const Text& context) const {
  return {code_, Text{context.en + ": " + text_.en, context.zh_tw + "：" + in(Language::kChinese)}};
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

// In Chinese, what a person at a terminal meets; empty for the rest.
std::string_view chinese_for(int number) {
  switch (number) {
    case ENOENT: return "沒有這個檔案或目錄";
    case ENOTDIR: return "路徑中有一段不是目錄";
    case EISDIR: return "這是目錄，不是檔案";
    case EEXIST: return "檔案已存在";
    case ENOTEMPTY: return "目錄不是空的";
    case EACCES: return "權限不足";
    case EPERM: return "不允許這項操作";
    case EROFS: return "檔案系統為唯讀";
    case ENOSPC: return "磁碟空間不足";
    case EDQUOT: return "超過磁碟配額";
    case EFBIG: return "檔案過大";
    case ENAMETOOLONG: return "檔名過長";
    case ELOOP: return "符號連結過多";
    case EMFILE:
    case ENFILE: return "開啟的檔案過多";
    case ENOMEM: return "記憶體不足";
    case EIO: return "讀寫時發生錯誤";
    case EPIPE: return "接收輸出的程式已結束";
    case EBUSY: return "裝置或資源忙碌中";
    case EINVAL: return "參數不正確";
    case EADDRINUSE: return "位址已被其他程式使用";
    case EADDRNOTAVAIL: return "這台主機沒有這個位址";
    case ECONNREFUSED: return "對方拒絕連線";
    case EHOSTUNREACH: return "無法連到該主機";
    case ENETUNREACH: return "無法連到該網路";
    case ETIMEDOUT: return "連線逾時";
    default: return {};
  }
}

Error bare_error(int number) {
  char text[256];
  // The GNU strerror_r; it does not depend on the locale of another thread.
  return {code_of_errno(number),
          Text{strerror_r(number, text, sizeof text), std::string(chinese_for(number))}};
}

}  // namespace

Error system_error(int number, std::string_view what) {
  return bare_error(number).within(what);
}

Error system_error(int number, const Text& what) {
  return bare_error(number).within(what);
}

}  // namespace assay
