package etcdraft

import "fmt"

// logger is raft's log. What raft says on its way is said by the trace already; what it calls an error is one.
type logger struct{}

func (logger) Debug(...any)            {}
func (logger) Debugf(string, ...any)   {}
func (logger) Info(...any)             {}
func (logger) Infof(string, ...any)    {}
func (logger) Warning(...any)          {}
func (logger) Warningf(string, ...any) {}

func (logger) Error(v ...any)            { panic("raft: " + fmt.Sprint(v...)) }
func (logger) Errorf(f string, v ...any) { panic("raft: " + fmt.Sprintf(f, v...)) }
func (logger) Fatal(v ...any)            { panic("raft: " + fmt.Sprint(v...)) }
func (logger) Fatalf(f string, v ...any) { panic("raft: " + fmt.Sprintf(f, v...)) }
func (logger) Panic(v ...any)            { panic("raft: " + fmt.Sprint(v...)) }
func (logger) Panicf(f string, v ...any) { panic("raft: " + fmt.Sprintf(f, v...)) }
