/* The functions of rdma-core that we call, found at run time; the hot ones are inline in its headers and not here. */
#ifndef FAIRLEAD_LIBRARY_H
#define FAIRLEAD_LIBRARY_H

#include <infiniband/verbs.h>
#include <rdma/rdma_cma.h>
#include <stdbool.h>
#include <stddef.h>

/* A macro of the header, which would call a symbol that we do not link. */
#undef ibv_reg_mr

#define RDMACM_FUNCTIONS(F) \
    F(rdma_create_event_channel) F(rdma_destroy_event_channel) F(rdma_create_id) F(rdma_destroy_id) \
    F(rdma_bind_addr) F(rdma_listen) F(rdma_resolve_addr) F(rdma_resolve_route) F(rdma_create_qp) \
    F(rdma_connect) F(rdma_accept) F(rdma_reject) F(rdma_disconnect) F(rdma_get_cm_event) F(rdma_ack_cm_event) \
    F(rdma_set_option)

#define IBVERBS_FUNCTIONS(F) \
    F(ibv_get_device_list) F(ibv_free_device_list) F(ibv_get_device_name) F(ibv_open_device) F(ibv_close_device) \
    F(ibv_query_device) F(ibv_alloc_pd) F(ibv_dealloc_pd) F(ibv_reg_mr) F(ibv_dereg_mr) \
    F(ibv_create_comp_channel) F(ibv_destroy_comp_channel) F(ibv_create_cq) F(ibv_destroy_cq) \
    F(ibv_get_cq_event) F(ibv_ack_cq_events) F(ibv_modify_qp) F(ibv_query_qp) F(ibv_destroy_qp) \
    F(ibv_get_async_event) F(ibv_ack_async_event)

#define DECLARE(name) __typeof__(&name) name##_;
struct rdma_core {
    RDMACM_FUNCTIONS(DECLARE)
    IBVERBS_FUNCTIONS(DECLARE)
};
#undef DECLARE

extern struct rdma_core core;

/* Opens both libraries, once; true, or false with what the linker said in `problem`. May be called again. */
bool library_load(const char *rdmacm, const char *ibverbs, char *problem, size_t size);

/* Whether they are open; opens them by their usual names if not. */
bool library_ready(void);

#endif
