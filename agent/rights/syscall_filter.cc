// A seccomp filter by hand: one list of calls that answer EPERM from now on.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "agent/rights/syscall_filter.h"

namespace assay::agent {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

// Programs, other processes, the kernel, and the view of the file system. Numbers from 2^30 on
// are the x32 calls, which nobody here makes.
constexpr std::array<std::uint32_t, 25> kForbidden{SYS_execve,
                                                   SYS_execveat,
                                                   SYS_ptrace,
                                                   SYS_process_vm_readv,
                                                   SYS_process_vm_writev,
                                                   SYS_mount,
                                                   SYS_umount2,
                                                   SYS_pivot_root,
                                                   SYS_chroot,
                                                   SYS_setns,
                                                   SYS_unshare,
                                                   SYS_bpf,
                                                   SYS_perf_event_open,
                                                   SYS_init_module,
                                                   SYS_finit_module,
                                                   SYS_delete_module,
                                                   SYS_kexec_load,
                                                   SYS_keyctl,
                                                   SYS_add_key,
                                                   SYS_request_key,
                                                   SYS_userfaultfd,
                                                   SYS_reboot,
                                                   SYS_swapon,
                                                   SYS_settimeofday,
                                                   SYS_personality};
constexpr std::uint32_t kFirstX32 = 0x4000'0000;

sock_filter statement(unsigned code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}

sock_filter jump(unsigned code, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
  return {static_cast<std::uint16_t>(code), yes, no, value};
}

}  // namespace

Status filter_system_calls() {
  if (kArchitecture == 0)
    return fail(Code::kNotSupported, "no system call filter for this architecture");
  std::vector<sock_filter> program{
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      jump(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      jump(BPF_JMP | BPF_JGE | BPF_K, kFirstX32, 0, 1),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)};
  for (const auto number : kForbidden) {
    program.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  }
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0)
    // A container's own rules may forbid ours.
    return fail(Code::kNotSupported, system_error(errno, "the system call filter").message());
  return {};
}

}  // namespace assay::agent
