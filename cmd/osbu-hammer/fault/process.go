package fault

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// process is a program of ours, in a group of its own, so that Ctrl-C reaches
// us alone.
type process struct {
	args []string
	env  []string
	log  string // file that keeps what it says
	cmd  *exec.Cmd
	over chan struct{} // closed when it has ended
}

func (p *process) start() error {
	log, err := os.OpenFile(p.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	p.cmd = exec.Command(p.args[0], p.args[1:]...)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), p.env...), log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.args[0], err)
	}
	over, cmd := make(chan struct{}), p.cmd
	p.over = over
	go func() { _ = cmd.Wait(); close(over) }()
	return nil
}

// signal reaches the process alone: what it may have started is its own affair.
func (p *process) signal(s syscall.Signal) {
	if p.cmd != nil && !p.ended() {
		_ = p.cmd.Process.Signal(s)
	}
}

func (p *process) ended() bool {
	select {
	case <-p.over:
		return true
	default:
		return false
	}
}

// kill is kill -9: nothing is finished, nothing said.
func (p *process) kill() {
	if p.cmd != nil {
		p.signal(syscall.SIGKILL)
		<-p.over
	}
}

// stop lets the process finish what it accepted.
func (p *process) stop() {
	if p.cmd == nil {
		return
	}
	p.signal(syscall.SIGTERM)
	select {
	case <-p.over:
	case <-time.After(time.Minute):
		p.kill()
	}
}

// said are the last lines of the log.
func (p *process) said() string {
	text, _ := os.ReadFile(p.log)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// run runs a command to its end, and tells what it said if it fails. If its
// context ends first, so do the command and those it started.
func run(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	if cmd.Cancel != nil {
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
		cmd.WaitDelay = 10 * time.Second
	}
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf(
			"%s: %w: %s",
			strings.Join(cmd.Args[:min(2, len(cmd.Args))], " "),
			err,
			strings.TrimSpace(string(text)),
		)
	}
	return nil
}
