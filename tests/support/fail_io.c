// SPDX-License-Identifier: Apache-2.0
// A library to preload (LD_PRELOAD) that makes the N-th call on files of one folder fail, for tests
// that try every N. Calls that count: opening, reading, writing, asking for space, cutting,
// syncing, renaming, closing. From the environment:
//   FAIL_IO_FOLDER  absolute path; calls on other files pass
//   FAIL_IO_AT      N from 1 on; 0: none; "every": all of them (for short and eintr)
//   FAIL_IO_HOW     eio, enospc: the call fails; full: it and all later writes fail with ENOSPC;
//                   short: half of it is done; eintr: every second call is interrupted;
//                   term, int, hup, kill: a signal comes before it
//   FAIL_IO_COUNT   a file for the number of calls, written at exit
//   FAIL_IO_RANK    only in the process of this rank (Open MPI)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { k_open, k_read, k_write, k_space, k_sync, k_rename, k_close };

static atomic_long calls;
static atomic_int disk_is_full;
static char folder[PATH_MAX];
static long at;
static int every;
static const char* how = "eio";

#define REAL(name) ((__typeof__(&name))real(#name))
static void* real(const char* name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
  const char* text = getenv("FAIL_IO_FOLDER");
  const char* rank = getenv("FAIL_IO_RANK");
  const char* mine = getenv("OMPI_COMM_WORLD_RANK");
  if (mine == NULL) mine = getenv("PMI_RANK");
  if (text == NULL || strlen(text) >= sizeof folder) return;
  if (rank != NULL && (mine == NULL || strcmp(rank, mine) != 0)) return;
  strcpy(folder, text);
  if (getenv("FAIL_IO_HOW") != NULL) how = getenv("FAIL_IO_HOW");
  text = getenv("FAIL_IO_AT");
  every = text != NULL && strcmp(text, "every") == 0;
  at = text != NULL && !every ? atol(text) : 0;
}

__attribute__((destructor)) static void end(void) {
  const char* file = getenv("FAIL_IO_COUNT");
  if (file == NULL || folder[0] == '\0') return;
  folder[0] = '\0';
  FILE* out = fopen(file, "w");
  if (out == NULL) return;
  fprintf(out, "%ld\n", atomic_load(&calls));
  fclose(out);
}

static int is_below(const char* path) {
  const size_t bytes = strlen(folder);
  return bytes > 0 && strncmp(path, folder, bytes) == 0 &&
         (path[bytes] == '/' || path[bytes] == '\0');
}

static int path_counts(const char* path) {
  char whole[2 * PATH_MAX];
  if (folder[0] == '\0') return 0;
  if (path[0] == '/') return is_below(path);
  if (getcwd(whole, PATH_MAX) == NULL) return 0;
  strncat(whole, "/", 2);
  strncat(whole, path, PATH_MAX - 1);
  return is_below(whole);
}

static int descriptor_counts(int descriptor) {
  char link[64];
  char path[PATH_MAX];
  if (folder[0] == '\0') return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const int before = errno;
  const ssize_t bytes = readlink(link, path, sizeof path - 1);
  errno = before;
  if (bytes <= 0) return 0;
  path[bytes] = '\0';
  return is_below(path);
}

/// What becomes of a call that counts: 0 it is done, 1 half of it is done, -1 it fails with errno.
static int fate(enum kind kind) {
  const long number = atomic_fetch_add(&calls, 1) + 1;
  const int writes = kind == k_write || kind == k_space;
  if (atomic_load(&disk_is_full) && writes) {
    errno = ENOSPC;
    return -1;
  }
  if (!every && number != at) return 0;
  if (strcmp(how, "short") == 0) return 1;
  if (strcmp(how, "eintr") == 0) {
    const int can_be =
        kind == k_open || kind == k_read || kind == k_write || kind == k_sync || kind == k_space;
    if (!can_be || (every && number % 2 == 0)) return 0;
    errno = EINTR;
    return -1;
  }
  if (strcmp(how, "term") == 0) raise(SIGTERM);
  if (strcmp(how, "int") == 0) raise(SIGINT);
  if (strcmp(how, "hup") == 0) raise(SIGHUP);
  if (strcmp(how, "kill") == 0) raise(SIGKILL);
  if (strcmp(how, "full") == 0) {
    atomic_store(&disk_is_full, 1);
    if (!writes) return 0;
  }
  errno = strcmp(how, "eio") == 0 ? EIO : ENOSPC;
  return -1;
}

#define HALF(count) ((count) > 1 ? (count) / 2 : (count))

#define ON_DESCRIPTOR(kind)            \
  int half = 0;                        \
  if (descriptor_counts(descriptor)) { \
    const int what = fate(kind);       \
    if (what < 0) return -1;           \
    half = what;                       \
  }                                    \
  (void)half

#define OPEN(name)                                                                  \
  int name(const char* path, int flags, ...) {                                      \
    va_list rest;                                                                   \
    va_start(rest, flags);                                                          \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                                   \
    if (path_counts(path) && fate(k_open) < 0) return -1;                           \
    return REAL(name)(path, flags, mode);                                           \
  }
OPEN(open)
OPEN(open64)

ssize_t read(int descriptor, void* data, size_t count) {
  ON_DESCRIPTOR(k_read);
  return REAL(read)(descriptor, data, half ? HALF(count) : count);
}
ssize_t pread(int descriptor, void* data, size_t count, off_t offset) {
  ON_DESCRIPTOR(k_read);
  return REAL(pread)(descriptor, data, half ? HALF(count) : count, offset);
}
ssize_t pread64(int descriptor, void* data, size_t count, off64_t offset) {
  ON_DESCRIPTOR(k_read);
  return REAL(pread64)(descriptor, data, half ? HALF(count) : count, offset);
}
ssize_t write(int descriptor, const void* data, size_t count) {
  ON_DESCRIPTOR(k_write);
  return REAL(write)(descriptor, data, half ? HALF(count) : count);
}
ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  ON_DESCRIPTOR(k_write);
  return REAL(writev)(descriptor, parts, half ? HALF(count) : count);
}
ssize_t pwrite(int descriptor, const void* data, size_t count, off_t offset) {
  ON_DESCRIPTOR(k_write);
  return REAL(pwrite)(descriptor, data, half ? HALF(count) : count, offset);
}
ssize_t pwrite64(int descriptor, const void* data, size_t count, off64_t offset) {
  ON_DESCRIPTOR(k_write);
  return REAL(pwrite64)(descriptor, data, half ? HALF(count) : count, offset);
}
int ftruncate(int descriptor, off_t bytes) {
  ON_DESCRIPTOR(k_space);
  return REAL(ftruncate)(descriptor, bytes);
}
int ftruncate64(int descriptor, off64_t bytes) {
  ON_DESCRIPTOR(k_space);
  return REAL(ftruncate64)(descriptor, bytes);
}
int fallocate(int descriptor, int mode, off_t offset, off_t bytes) {
  ON_DESCRIPTOR(k_space);
  return REAL(fallocate)(descriptor, mode, offset, bytes);
}
int fallocate64(int descriptor, int mode, off64_t offset, off64_t bytes) {
  ON_DESCRIPTOR(k_space);
  return REAL(fallocate64)(descriptor, mode, offset, bytes);
}
int fsync(int descriptor) {
  ON_DESCRIPTOR(k_sync);
  return REAL(fsync)(descriptor);
}
int fdatasync(int descriptor) {
  ON_DESCRIPTOR(k_sync);
  return REAL(fdatasync)(descriptor);
}
int close(int descriptor) {
  // A close that fails has closed the descriptor all the same.
  const int what = descriptor_counts(descriptor) ? fate(k_close) : 0;
  const int error = errno;
  const int result = REAL(close)(descriptor);
  if (what >= 0) return result;
  errno = error;
  return -1;
}
int rename(const char* from, const char* to) {
  if ((path_counts(from) || path_counts(to)) && fate(k_rename) < 0) return -1;
  return REAL(rename)(from, to);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  if ((path_counts(from) || path_counts(to)) && fate(k_rename) < 0) return -1;
  return REAL(renameat)(from_folder, from, to_folder, to);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if ((path_counts(from) || path_counts(to)) && fate(k_rename) < 0) return -1;
  return REAL(renameat2)(from_folder, from, to_folder, to, flags);
}
