// SPDX-License-Identifier: Apache-2.0
// The MPI standard promises that every MPI_ function can be replaced by a program and reached as
// PMPI_; these stand in front of the library's for the whole executable.
#include "tests/support/traffic.hpp"

#include <atomic>

#include <mpi.h>

namespace {

std::atomic<std::uint64_t> bytes{0};
std::atomic<std::uint64_t> to_self{0};
std::atomic<std::uint64_t> messages{0};
std::atomic<std::uint64_t> largest{0};
std::atomic<std::uint64_t> others{0};

void count_message(int count, MPI_Datatype type, int peer, MPI_Comm comm) {
  if (peer == MPI_PROC_NULL) return;
  int size = 0;
  int me = 0;
  PMPI_Type_size(type, &size);
  PMPI_Comm_rank(comm, &me);
  const std::uint64_t payload =
      static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(size);
  (peer == me ? to_self : bytes) += payload;
  ++messages;
  std::uint64_t seen = largest;
  while (seen < payload && !largest.compare_exchange_weak(seen, payload)) {
  }
}

}  // namespace

namespace qross::test {

Traffic traffic() { return {bytes, to_self, messages, largest, others}; }

void reset_traffic() { bytes = to_self = messages = largest = others = 0; }

}  // namespace qross::test

// clang-format off
#define QROSS_SEND(NAME)                                                                  \
  int MPI_##NAME(const void* data, int count, MPI_Datatype type, int peer, int tag,       \
                 MPI_Comm comm) {                                                         \
    count_message(count, type, peer, comm);                                               \
    return PMPI_##NAME(data, count, type, peer, tag, comm);                               \
  }
#define QROSS_ISEND(NAME)                                                                 \
  int MPI_##NAME(const void* data, int count, MPI_Datatype type, int peer, int tag,       \
                 MPI_Comm comm, MPI_Request* request) {                                   \
    count_message(count, type, peer, comm);                                               \
    return PMPI_##NAME(data, count, type, peer, tag, comm, request);                      \
  }
#define QROSS_OTHER(NAME, PARAMETERS, ARGUMENTS) \
  int MPI_##NAME PARAMETERS {                    \
    ++others;                                    \
    return PMPI_##NAME ARGUMENTS;                \
  }
// clang-format on

extern "C" {

QROSS_SEND(Send)
QROSS_SEND(Ssend)
QROSS_SEND(Rsend)
QROSS_SEND(Bsend)
QROSS_ISEND(Isend)
QROSS_ISEND(Issend)
QROSS_ISEND(Irsend)
QROSS_ISEND(Ibsend)

int MPI_Sendrecv(const void* out, int out_count, MPI_Datatype out_type, int to, int out_tag,
                 void* in, int in_count, MPI_Datatype in_type, int from, int in_tag, MPI_Comm comm,
                 MPI_Status* status) {
  count_message(out_count, out_type, to, comm);
  return PMPI_Sendrecv(out, out_count, out_type, to, out_tag, in, in_count, in_type, from, in_tag,
                       comm, status);
}

int MPI_Sendrecv_replace(void* data, int count, MPI_Datatype type, int to, int out_tag, int from,
                         int in_tag, MPI_Comm comm, MPI_Status* status) {
  count_message(count, type, to, comm);
  return PMPI_Sendrecv_replace(data, count, type, to, out_tag, from, in_tag, comm, status);
}

// Nothing else may carry amplitudes while a plan runs.
QROSS_OTHER(Send_init,
            (const void* a, int n, MPI_Datatype t, int peer, int tag, MPI_Comm c, MPI_Request* r),
            (a, n, t, peer, tag, c, r))
QROSS_OTHER(Bcast, (void* a, int n, MPI_Datatype t, int root, MPI_Comm c), (a, n, t, root, c))
QROSS_OTHER(Reduce,
            (const void* a, void* b, int n, MPI_Datatype t, MPI_Op op, int root, MPI_Comm c),
            (a, b, n, t, op, root, c))
QROSS_OTHER(Allreduce, (const void* a, void* b, int n, MPI_Datatype t, MPI_Op op, MPI_Comm c),
            (a, b, n, t, op, c))
QROSS_OTHER(Gather,
            (const void* a, int n, MPI_Datatype t, void* b, int m, MPI_Datatype u, int root,
             MPI_Comm c),
            (a, n, t, b, m, u, root, c))
QROSS_OTHER(Gatherv,
            (const void* a, int n, MPI_Datatype t, void* b, const int* m, const int* at,
             MPI_Datatype u, int root, MPI_Comm c),
            (a, n, t, b, m, at, u, root, c))
QROSS_OTHER(Allgather,
            (const void* a, int n, MPI_Datatype t, void* b, int m, MPI_Datatype u, MPI_Comm c),
            (a, n, t, b, m, u, c))
QROSS_OTHER(Allgatherv,
            (const void* a, int n, MPI_Datatype t, void* b, const int* m, const int* at,
             MPI_Datatype u, MPI_Comm c),
            (a, n, t, b, m, at, u, c))
QROSS_OTHER(Scatter,
            (const void* a, int n, MPI_Datatype t, void* b, int m, MPI_Datatype u, int root,
             MPI_Comm c),
            (a, n, t, b, m, u, root, c))
QROSS_OTHER(Alltoall,
            (const void* a, int n, MPI_Datatype t, void* b, int m, MPI_Datatype u, MPI_Comm c),
            (a, n, t, b, m, u, c))
QROSS_OTHER(Alltoallv,
            (const void* a, const int* n, const int* from, MPI_Datatype t, void* b, const int* m,
             const int* at, MPI_Datatype u, MPI_Comm c),
            (a, n, from, t, b, m, at, u, c))
QROSS_OTHER(Alltoallw,
            (const void* a, const int* n, const int* from, const MPI_Datatype* t, void* b,
             const int* m, const int* at, const MPI_Datatype* u, MPI_Comm c),
            (a, n, from, t, b, m, at, u, c))
QROSS_OTHER(Put,
            (const void* a, int n, MPI_Datatype t, int peer, MPI_Aint at, int m, MPI_Datatype u,
             MPI_Win w),
            (a, n, t, peer, at, m, u, w))
QROSS_OTHER(Get,
            (void* a, int n, MPI_Datatype t, int peer, MPI_Aint at, int m, MPI_Datatype u,
             MPI_Win w),
            (a, n, t, peer, at, m, u, w))
QROSS_OTHER(Accumulate,
            (const void* a, int n, MPI_Datatype t, int peer, MPI_Aint at, int m, MPI_Datatype u,
             MPI_Op op, MPI_Win w),
            (a, n, t, peer, at, m, u, op, w))

}  // extern "C"
