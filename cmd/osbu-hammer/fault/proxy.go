package fault

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
)

// proxy passes bytes between a client and a server, until it is told to cut.
type proxy struct {
	listener net.Listener
	network  string
	target   string
	cutting  atomic.Int32
	open     sync.Map // net.Conn → nothing
}

// What a proxy cuts: one in three of what passes in this direction is dropped,
// and its connection closed.
const (
	cutNothing  int32 = iota
	cutRequests       // before they arrive
	cutAnswers        // after what was asked for has been done
)

// listen starts a proxy.
func listen(network, address, target string) (*proxy, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: listener, network: network, target: target}
	go p.accept()
	return p, nil
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.serve(client)
	}
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial(p.network, p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.open.Store(client, nil)
	defer p.open.Delete(client)
	var both sync.WaitGroup
	hang := func() { _, _ = client.Close(), server.Close() }
	both.Go(func() { p.pass(server, client, cutRequests); hang() })
	both.Go(func() { p.pass(client, server, cutAnswers); hang() })
	both.Wait()
}

// pass ends when either side does, or is cut.
func (p *proxy) pass(to io.Writer, from io.Reader, cut int32) {
	chunk := make([]byte, 32<<10)
	for {
		n, err := from.Read(chunk)
		if err != nil || p.cutting.Load() == cut && rand.IntN(3) == 0 {
			return
		}
		if _, err := to.Write(chunk[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.open.Range(func(c, _ any) bool { _ = c.(net.Conn).Close(); return true })
}
