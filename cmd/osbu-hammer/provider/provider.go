// Package provider is the OpenID provider at which a journey's people sign in:
// a certified library behind a listener on this machine, with the people and
// their tokens in memory. Nobody types anything: who it is, login_hint says.
package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"
)

// Config says who signs in where.
type Config struct {
	Secret   string // of the one client, osbu
	Redirect string // where its sign-ins end
	// Claims are a person's, by her subject; false if there is nobody such.
	Claims func(subject string) (map[string]any, bool)
}

// ClientID is the one client's.
const ClientID = "osbu"

// Provider serves until it is closed.
type Provider struct {
	Issuer string
	server *http.Server
	ended  chan error
}

// Listen starts one on this machine; port 0 is any that is free.
func Listen(c Config, port int) (*Provider, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}
	p := &Provider{Issuer: "http://" + listener.Addr().String(), ended: make(chan error, 1)}
	handler, err := handler(c, p.Issuer)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	p.server = &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { p.ended <- p.server.Serve(listener) }()
	return p, nil
}

func handler(c Config, issuer string) (http.Handler, error) {
	// ES256: an RSA signature would be a millisecond of the machine that the
	// server is measured on, and a city's provider has machines of its own.
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	config := &op.Config{CodeMethodS256: true, AuthMethodPost: true, SupportedUILocales: []language.Tag{language.Finnish}}
	_, _ = rand.Read(config.CryptoKey[:]) // never fails
	return op.NewProvider(
		config,
		&store{Config: c, key: key, requests: map[string]*request{}, codes: map[string]string{}},
		op.StaticIssuer(issuer),
		op.WithAllowInsecure(), // on the loopback
		op.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	)
}

// Close ends what is under way, and frees the port.
func (p *Provider) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := p.server.Shutdown(ctx)
	if ended := <-p.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
