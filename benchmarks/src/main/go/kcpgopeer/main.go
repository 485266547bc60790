// Command kcpgopeer is kcp-go as it comes, without encryption or error correction, as a contestant of the comparisons over
// networks of their own. It takes the same arguments and talks in the same lines as the Java class PeerChild:
//
//	echo-server PEER HOST
//	echo-client PEER HOST SEED WARM_UP MESSAGES
//	bulk-server PEER HOST
//	bulk-client PEER HOST CHUNK
//
// PEER is "kcp-go", or "kcp-go-acknow" for acknowledgements that do not wait for the tick. The environment variable
// PEER_WINDOW gives another window than 1024 segments.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/xtaci/kcp-go"
)

const (
	port         = 7000
	messageBytes = 1024
	interval     = 20 * time.Millisecond
	patternBytes = 1 << 20
	gamma        = 0x9e3779b97f4a7c15
	socketBytes  = 4 << 20
)

var (
	commands = bufio.NewReader(os.Stdin)
	saying   sync.Mutex
	begun    = time.Now()
)

func say(format string, values ...interface{}) {
	saying.Lock()
	defer saying.Unlock()
	fmt.Printf("@ "+format+"\n", values...)
}

func check(err error) {
	if err != nil {
		say("failed %v", err)
		os.Exit(1)
	}
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fill writes the bytes of the message with that index, as the class OpenLoopEcho does.
func fill(message []byte, seed int64, index int) {
	for at := 0; at < messageBytes; at += 8 {
		binary.BigEndian.PutUint64(message[at:], mix(uint64(seed)+uint64(index*messageBytes+at)*gamma))
	}
}

// pattern is the block of the class BulkPattern.
func pattern() []byte {
	block := make([]byte, patternBytes)
	for at := 0; at < patternBytes; at += 8 {
		binary.LittleEndian.PutUint64(block[at:], mix(uint64(at)*gamma))
	}
	return block
}

func window() int {
	if text := os.Getenv("PEER_WINDOW"); text != "" {
		n, err := strconv.Atoi(text)
		check(err)
		return n
	}
	return 1024
}

func configure(session *kcp.UDPSession, peer string) {
	session.SetStreamMode(true)
	session.SetWriteDelay(false)
	session.SetNoDelay(1, 10, 2, 1)
	session.SetWindowSize(window(), window())
	session.SetMtu(1400)
	session.SetACKNoDelay(strings.HasSuffix(peer, "-acknow"))
}

func listen(peer, host string, serve func(*kcp.UDPSession)) {
	listener, err := kcp.ListenWithOptions(fmt.Sprintf("%s:%d", host, port), nil, 0, 0)
	check(err)
	check(listener.SetReadBuffer(socketBytes))
	check(listener.SetWriteBuffer(socketBytes))
	say("listening")
	go func() {
		session, err := listener.AcceptKCP()
		check(err)
		configure(session, peer)
		serve(session)
	}()
}

func connect(peer, host string) *kcp.UDPSession {
	session, err := kcp.DialWithOptions(fmt.Sprintf("%s:%d", host, port), nil, 0, 0)
	check(err)
	check(session.SetReadBuffer(socketBytes))
	check(session.SetWriteBuffer(socketBytes))
	configure(session, peer)
	return session
}

func awaitEnd() {
	io.Copy(io.Discard, commands)
	os.Exit(2)
}

func echoServer(peer, host string) {
	listen(peer, host, func(session *kcp.UDPSession) {
		buffer := make([]byte, 64<<10)
		for {
			n, err := session.Read(buffer)
			check(err)
			_, err = session.Write(buffer[:n])
			check(err)
		}
	})
	awaitEnd()
}

// echoClient counts from when a message should have been sent, like the class OpenLoopEcho.
func echoClient(peer, host string, seed int64, warmUp, messages int) {
	session := connect(peer, host)
	say("ready")
	_, err := commands.ReadString('\n')
	check(err)
	go awaitEnd()

	start := time.Now().Add(interval)
	intended := func(index int) time.Time { return start.Add(time.Duration(index) * interval) }
	latencies := make([]int64, warmUp+messages)
	done := make(chan bool)
	go func() {
		got, want := make([]byte, messageBytes), make([]byte, messageBytes)
		for i := range latencies {
			_, err := io.ReadFull(session, got)
			check(err)
			latencies[i] = time.Since(intended(i)).Microseconds()
			fill(want, seed, i)
			if !bytes.Equal(got, want) {
				check(fmt.Errorf("wrong bytes in message %d", i))
			}
		}
		done <- true
	}()
	latest := time.Duration(0)
	message := make([]byte, messageBytes)
	for i := range latencies {
		fill(message, seed, i)
		time.Sleep(time.Until(intended(i)))
		if late := time.Since(intended(i)); i >= warmUp && late > latest {
			latest = late
		}
		_, err := session.Write(message)
		check(err)
	}
	select {
	case <-done:
	case <-time.After(time.Minute):
		check(fmt.Errorf("not all messages came back within 60 s"))
	}
	var report strings.Builder
	fmt.Fprint(&report, latest.Microseconds())
	for _, latency := range latencies[warmUp:] {
		fmt.Fprintf(&report, " %d", latency)
	}
	say("report %s", report.String())
}

func bulkServer(peer, host string) {
	var received int64
	listen(peer, host, func(session *kcp.UDPSession) {
		block := pattern()
		buffer := make([]byte, 256<<10)
		for {
			n, err := session.Read(buffer)
			check(err)
			for piece := buffer[:n]; len(piece) > 0; {
				at := int(received % patternBytes)
				length := len(piece)
				if length > patternBytes-at {
					length = patternBytes - at
				}
				if !bytes.Equal(piece[:length], block[at:at+length]) {
					check(fmt.Errorf("wrong bytes after %d", received))
				}
				piece = piece[length:]
				atomic.AddInt64(&received, int64(length))
			}
		}
	})
	answerCounts(&received)
}

func bulkClient(peer, host string, chunk int) {
	session := connect(peer, host)
	say("ready")
	var sent int64
	go func() {
		block := pattern()
		for {
			at := int(sent % patternBytes)
			n, err := session.Write(block[at : at+chunk])
			check(err)
			atomic.AddInt64(&sent, int64(n))
		}
	}()
	answerCounts(&sent)
}

func answerCounts(bytes *int64) {
	for {
		line, err := commands.ReadString('\n')
		if err != nil || strings.TrimSpace(line) != "count" {
			os.Exit(2)
		}
		var usage syscall.Rusage
		check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
		cpu := usage.Utime.Nano() + usage.Stime.Nano()
		say("count %d %d %d", atomic.LoadInt64(bytes), time.Since(begun).Nanoseconds(), cpu)
	}
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return n
}

func main() {
	role, peer, host := os.Args[1], os.Args[2], os.Args[3]
	switch role {
	case "echo-server":
		echoServer(peer, host)
	case "echo-client":
		echoClient(peer, host, number(os.Args[4]), int(number(os.Args[5])), int(number(os.Args[6])))
	case "bulk-server":
		bulkServer(peer, host)
	case "bulk-client":
		bulkClient(peer, host, int(number(os.Args[4])))
	default:
		check(fmt.Errorf("no role %s", role))
	}
}
