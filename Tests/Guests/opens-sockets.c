// expect: ok
//
// Sockets can be imported, since many toolchains do. None of them reaches anything.
#include "guest.h"

#define TCP WASI("sockets/tcp")
#define UDP WASI("sockets/udp")
IMPORT(WASI("sockets/instance-network"), "instance-network") u32 get_network(void);
IMPORT(WASI("sockets/tcp-create-socket"), "create-tcp-socket") void create_tcp(u32 family, struct opened *);
IMPORT(WASI("sockets/udp-create-socket"), "create-udp-socket") void create_udp(u32 family, struct opened *);
IMPORT(WASI("sockets/ip-name-lookup"), "resolve-addresses") void resolve(u32, const char *, u32, struct opened *);
#define ADDRESS u32 is_v6, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32
IMPORT(TCP, "[method]tcp-socket.start-connect") void connect_tcp(u32, u32 network, ADDRESS, struct done *);
IMPORT(TCP, "[method]tcp-socket.finish-connect") void connected_tcp(u32, u8 answer[12]);
IMPORT(TCP, "[method]tcp-socket.start-bind") void bind_tcp(u32, u32 network, ADDRESS, struct done *);
IMPORT(UDP, "[method]udp-socket.start-bind") void bind_udp(u32, u32 network, ADDRESS, struct done *);
#define LOCALHOST 0, 22, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0

RUN {
    u32 network = get_network();
    struct opened socket;
    struct done done;
    create_tcp(0, &socket);
    if (!socket.failed) {
        connect_tcp(socket.index, network, LOCALHOST, &done);
        u8 answer[12] = {true};
        if (!done.failed) connected_tcp(socket.index, answer);
        REQUIRE(answer[0]);
    }
    create_tcp(0, &socket);
    if (!socket.failed) {
        bind_tcp(socket.index, network, LOCALHOST, &done);
        REQUIRE(done.failed);
    }
    create_udp(0, &socket);
    if (!socket.failed) {
        bind_udp(socket.index, network, LOCALHOST, &done);
        REQUIRE(done.failed);
    }
    resolve(network, TEXT("localhost"), &socket);
    REQUIRE(socket.failed);
    return 0;
}
