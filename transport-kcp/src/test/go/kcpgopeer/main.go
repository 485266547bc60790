// Command kcpgopeer is the other end of the interoperation tests: kcp-go as it comes, without encryption or error
// correction. It sends a stream of bytes and receives another at the same time, and prints, a line each,
//
//	port NUMBER       once it listens
//	received SHA256   once it has received all
//	counted ...       what kcp-go counted until then
//
// Then it goes on acknowledging until its standard input ends, since the other end may still need that. The exit code is 0
// if what came is what was expected, 1 if not, 2 if that could not be found out.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/xtaci/kcp-go"
)

const socketBufferBytes = 4 << 20

var (
	connect = flag.String("connect", "", "address of the server; without it, listen on a free port of loopback")
	bytes   = flag.Int64("bytes", 1<<20, "how many each end sends, a multiple of 8")
	seed    = flag.Int64("seed", 0, "of the stream of the client; that of the server has the next")
	window  = flag.Int("window", 1024, "segments, for sending and receiving")
	mtu     = flag.Int("mtu", 1400, "of the datagrams that are sent")
	gated   = flag.Bool("gated", false, "receive nothing before the first line of standard input")
	limit   = flag.Duration("limit", time.Minute, "exit after that long whatever happens")
)

// stream yields the numbers of SplitMix64, little-endian.
type stream struct{ state uint64 }

// Read fills whole words only.
func (s *stream) Read(to []byte) (int, error) {
	n := len(to) &^ 7
	for at := 0; at < n; at += 8 {
		s.state += 0x9e3779b97f4a7c15
		z := s.state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		binary.LittleEndian.PutUint64(to[at:], z^z>>31)
	}
	return n, nil
}

func fail(what string, err error) {
	if err != nil {
		fmt.Printf("%s: %v\n", what, err)
		os.Exit(2)
	}
}

// open returns the session with the seeds of what it sends and receives.
func open() (session *kcp.UDPSession, out, in int64) {
	if *connect != "" {
		session, err := kcp.DialWithOptions(*connect, nil, 0, 0)
		fail("dial", err)
		fail("read buffer", session.SetReadBuffer(socketBufferBytes))
		fail("write buffer", session.SetWriteBuffer(socketBufferBytes))
		return session, *seed, *seed + 1
	}
	listener, err := kcp.ListenWithOptions("127.0.0.1:0", nil, 0, 0)
	fail("listen", err)
	fail("read buffer", listener.SetReadBuffer(socketBufferBytes))
	fail("write buffer", listener.SetWriteBuffer(socketBufferBytes))
	fmt.Println("port", listener.Addr().(*net.UDPAddr).Port)
	session, err = listener.AcceptKCP()
	fail("accept", err)
	return session, *seed + 1, *seed
}

func send(session *kcp.UDPSession, seed int64, done chan<- bool) {
	source := &stream{uint64(seed)}
	chunk := make([]byte, 40_000)
	for left := *bytes; left > 0; {
		source.Read(chunk)
		n, err := session.Write(chunk[:min(left, int64(len(chunk)))])
		fail("write", err)
		left -= int64(n)
	}
	done <- true
}

func hash(from io.Reader) string {
	sum := sha256.New()
	_, err := io.CopyN(sum, from, *bytes)
	fail("read", err)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func main() {
	flag.Parse()
	time.AfterFunc(*limit, func() { fail("limit", fmt.Errorf("not done after %v", *limit)) })
	input := bufio.NewReader(os.Stdin)

	session, out, in := open()
	session.SetNoDelay(1, 10, 2, 1)
	session.SetWindowSize(*window, *window)
	session.SetMtu(*mtu)

	sent := make(chan bool)
	go send(session, out, sent)
	if *gated {
		_, err := input.ReadString('\n')
		fail("gate", err)
	}
	// Whoever started this has gone if its end comes early.
	ended := make(chan bool)
	go func() {
		io.Copy(io.Discard, input)
		close(ended)
	}()
	received := make(chan string)
	go func() { received <- hash(session) }()

	var came string
	for waiting := 2; waiting > 0; waiting-- {
		select {
		case came = <-received:
		case <-sent:
		case <-ended:
			fail("input", io.ErrUnexpectedEOF)
		}
	}
	fmt.Println("received", came)
	c := kcp.DefaultSnmp.Copy()
	fmt.Printf("counted %d segments out, %d retransmitted (%d fast, %d early, %d by timeout), %d repeated in, %d errors\n",
		c.OutSegs, c.RetransSegs, c.FastRetransSegs, c.EarlyRetransSegs, c.LostSegs, c.RepeatSegs, c.KCPInErrors+c.InErrs)
	<-ended
	if came != hash(&stream{uint64(in)}) {
		os.Exit(1)
	}
}
