// Command osbu-mailbox stands in for the city's mail server while one tries
// osbu out: it takes every e-mail, delivers none, and shows them on a page. It
// is a program of its own, so that no setting of the service can turn it on,
// and it listens to this machine only.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"osbu/cmd/internal/release"
	"osbu/cmd/osbu-mailbox/catcher"
)

type command struct {
	release.Flag
	SMTP  string `default:"127.0.0.1:0" help:"Where e-mails come in; port 0 takes a free one."`
	Page  string `default:"127.0.0.1:8082" help:"Where they are shown."`
	Ready string `placeholder:"FILE" help:"Where to write the mail server's address once it listens."`
}

func main() {
	var c command
	kong.Parse(
		&c,
		kong.Name("osbu-mailbox"),
		kong.Description("Catches the e-mails of a trial and shows them."),
		release.Vars("osbu-mailbox"),
	)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := c.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "osbu-mailbox:", err)
		os.Exit(1)
	}
}

func (c command) run(ctx context.Context) error {
	incoming, err := listen(c.SMTP)
	if err != nil {
		return err
	}
	shown, err := listen(c.Page)
	if err != nil {
		return err
	}
	box := catcher.New()
	page := &http.Server{Handler: box.Page(), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 2)
	go func() { ended <- box.Serve(incoming) }()
	go func() { ended <- page.Serve(shown) }()
	fmt.Println("mailbox", shown.Addr(), "mail server", incoming.Addr())
	if c.Ready != "" {
		if err := os.WriteFile(c.Ready, []byte(incoming.Addr().String()+"\n"), 0o600); err != nil {
			return err
		}
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	return errors.Join(err, page.Close(), box.Close())
}

func listen(address string) (net.Listener, error) {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !a.Addr().IsLoopback() {
		return nil, fmt.Errorf(
			"%s: want an address of this machine, such as 127.0.0.1:8082: whoever reaches the page reads every e-mail",
			address,
		)
	}
	return net.Listen("tcp", address)
}
