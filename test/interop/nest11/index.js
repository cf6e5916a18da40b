import 'reflect-metadata';

export * as common from '@nestjs/common';
export * as core from '@nestjs/core';
export * as microservices from '@nestjs/microservices';
export * as rxjs from 'rxjs';
export { headers } from 'nats';
